import { describe, expect, it } from 'vitest';
import { createUsageHider } from '../../src-main/proxy/hide-usage.ts';

function hide(chunks: readonly Buffer[]): string {
  const hider = createUsageHider();
  const kept = [...chunks.map((chunk) => hider.push(chunk)), hider.end()];
  return Buffer.concat(kept.filter((part) => part !== null)).toString('utf8');
}

const text = (content: string) => `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${content}"}}],"usage":null}`;
const usage = 'data: {"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}';

describe('the usage hider', () => {
  it.each([
    ['LF', '\n\n'],
    ['CRLF', '\r\n\r\n'],
  ])('S1, S11, S12: takes out the usage chunk only, however the bytes are cut (%s)', (_name, end) => {
    const whole = Buffer.from([text('北京😀'), ': ping', text('b'), usage, 'data: [DONE]'].map((event) => event + end).join(''));
    const expected = [text('北京😀'), ': ping', text('b'), 'data: [DONE]'].map((event) => event + end).join('');
    for (let at = 0; at <= whole.length; at++) expect(hide([whole.subarray(0, at), whole.subarray(at)])).toBe(expected);
    expect(hide([...whole].map((byte) => Buffer.from([byte])))).toBe(expected);
  });

  it('finds it whatever the order and spacing of its fields', () => {
    expect(hide([Buffer.from('data:{"usage":{"total_tokens":3},"x":1,"choices": []}\n\n')])).toBe('');
  });

  it.each([
    ['Azure’s filter results', 'data: {"choices":[],"prompt_filter_results":[]}\n\n'],
    ['a null usage', 'data: {"choices":[],"usage":null}\n\n'],
    ['usage beside a choice', 'data: {"choices":[{"delta":{}}],"usage":{"total_tokens":3}}\n\n'],
    ['the words inside a text', `${text('\\"choices\\":[] \\"usage\\":{')}\n\n`],
  ])('keeps %s', (_name, event) => {
    expect(hide([Buffer.from(event)])).toBe(event);
  });

  it('S14: keeps a last event that lacks its blank line', () => {
    expect(hide([Buffer.from(`${usage}\n\ndata: [DO`), Buffer.from('NE]\n')])).toBe('data: [DONE]\n');
    expect(hide([Buffer.from(`${text('a')}\n\n${usage}`)])).toBe(`${text('a')}\n\n`);
  });

  it('passes whole events at once', () => {
    const hider = createUsageHider();
    const event = Buffer.from(`${text('a')}\n\n`);
    expect(hider.push(event)).toBe(event);
  });
});
