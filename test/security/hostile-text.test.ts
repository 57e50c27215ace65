import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src-main/gateway/log.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());

/** Line breaks, NUL, escapes, bidi, C1 and what splits a header elsewhere, mixed into ordinary text. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', '\0', '\u001b]0;x\u0007', '\u202e', '\u2028', '\u0085', '%0d%0a', '嗊', 'é', ': ', '../'),
      fc.string(),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('D7: text that would split a header or a line', () => {
  const base = { id: 'corp', baseUrl: 'http://127.0.0.1:9/v1', skipTest: true };

  it.each([
    ['name', { name: 'a\r\nb' }],
    ['name', { name: 'a\u2028b' }],
    ['name', { name: 'a\0b' }],
    ['models', { models: ['good', 'a\nb'] }],
    ['models', { models: ['a\u001b[2Jb'] }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1:9/v1\r\nx: y' }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1:9/v1\n' }],
    ['key', { key: 'a\r\nx-evil: 1' }],
    ['key', { key: 'clé' }],
  ])('in %s is refused at save', async (param, change) => {
    const reply = await tollgate.send('/admin/providers', { key: readAdminToken(), method: 'POST', body: { ...base, ...change } });
    expect(reply.status).toBe(400);
    expect(reply.json<{ error: { param: string } }>().error.param).toBe(param);
  });

  it('in a model, a tag, a path or a header never adds a header or a request upstream', async () => {
    await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'x' }] });
    const allowed = new Set(readNames());
    let sent = 1;
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const messages = [{ role: 'user', content: text }];
        const header = Buffer.from(text.replace(/\p{Cc}/gu, ' '))
          .toString('latin1')
          .trim();
        for (const [path, body] of [
          ['/v1/chat/completions', { model: `openai/${text}`, messages, user: text }],
          ['/v1/chat/completions', { model: `gemini/${text}`, messages }],
          [`/t/${encodeURIComponent(`k:${text}`)}/v1/chat/completions`, { model: 'openai/x', messages }],
          [`/v1/models/${encodeURIComponent(text)}:generateContent`, { contents: [] }],
        ] as const) {
          const reply = await tollgate.send(path, {
            method: 'POST',
            body,
            headers: { 'x-tags': header, 'x-conversation-id': header, 'openai-organization': header },
          });
          expect(reply.status).toBeLessThan(500);
          sent++;
        }
      }),
      { numRuns: 200 },
    );
    expect(tollgate.upstream.requests.length).toBeGreaterThan(200);
    expect(tollgate.upstream.requests.length).toBeLessThanOrEqual(sent);
    const names = new Set(tollgate.upstream.requests.flatMap(({ rawHeaders }) => rawHeaders.filter((_, index) => index % 2 === 0)));
    const known = ['x-goog-api-key', 'openai-organization', 'x-tollgate-hop'];
    expect([...names].map((name) => name.toLowerCase()).filter((name) => !allowed.has(name) && !known.includes(name))).toEqual([]);
  }, 60_000);

  function readNames(): string[] {
    return tollgate.upstream.last().rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [name.toLowerCase()] : []));
  }

  function readAdminToken(): string {
    return readFileSync(join(tollgate.dataDir, 'admin-token'), 'utf8').trim();
  }
});

it('E6: one event of the log is one line, in which nothing acts on a terminal', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line), redact: (text) => text, clock: () => 0 });
  fc.assert(
    fc.property(hostile, fc.string({ unit: 'binary' }), (message, detail) => {
      lines.length = 0;
      log.info(message, { detail });
      log.error(detail, { error: new Error(message, { cause: new Error(detail) }), [message]: { detail } });
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]*\n$/);
        expect(JSON.parse(line)).toMatchObject({ at: '1970-01-01T00:00:00.000Z' });
      }
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: message.toWellFormed(), detail: detail.toWellFormed() });
    }),
    { numRuns: 1_000 },
  );
});
