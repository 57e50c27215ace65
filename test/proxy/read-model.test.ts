import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src-main/domain/gateway-error.ts';
import { askForUsage, editBody, readRequestHead, renameModel } from '../../src-main/proxy/read-model.ts';

const json = 'application/json';
const head = (text: string) => readRequestHead(Buffer.from(text), json, true);

describe('the head of a request body', () => {
  it('holds model, stream and the wish for usage, wherever they stand', () => {
    const body =
      '{"messages":[{"role":"user","content":"\\"model\\":\\"no\\""}],"stream_options":{"include_usage":true},"stream" : true ,\n"model":"gpt-5"}';
    expect(head(body)).toMatchObject({ model: 'gpt-5', stream: true, includeUsage: true, emptyMessages: false });
  });

  it('takes the last of two models, as every JSON parser does', () => {
    const body = Buffer.from('{"model":"gpt-5","messages":[1],"model":"claude-x"}');
    const read = readRequestHead(body, json, true);
    expect(read.model).toBe('claude-x');
    expect(editBody(body, renameModel(read, 'y')).toString()).toBe('{"model":"gpt-5","messages":[1],"model":"y"}');
  });

  it.each([
    ['', 'no body'],
    ['{"messages":[}', 'not valid JSON'],
    ['[1]', 'must be a JSON object'],
    ['"text"', 'must be a JSON object'],
    ['{"model":5}', 'must be a string'],
  ])('refuses %j', (text, message) => {
    expect(() => head(text)).toThrow(GatewayError);
    expect(() => head(text)).toThrow(message);
  });

  it('needs no body where the path says everything', () => {
    expect(readRequestHead(Buffer.alloc(0), undefined, false)).toMatchObject({ model: null, stream: false });
  });

  it('notices a chat without messages', () => {
    expect(head('{"model":"m","messages":[ \n ]}').emptyMessages).toBe(true);
    expect(head('{"model":"m","messages":[""]}').emptyMessages).toBe(false);
  });

  it('reads the model of a form', () => {
    const form = '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--x--\r\n';
    const body = Buffer.from(form);
    const read = readRequestHead(body, 'multipart/form-data; boundary=x', true);
    expect(read).toMatchObject({ model: 'whisper-1', multipart: true });
    expect(editBody(body, renameModel(read, 'w2')).toString()).toBe(form.replace('whisper-1', 'w2'));
  });
});

describe('edits of a body', () => {
  it('change nothing but the bytes of the model', () => {
    const body = Buffer.from('{ "a":"北京😀" , "model":  "openai/gpt-5" ,"b":1.0e2 }');
    const edited = editBody(body, renameModel(readRequestHead(body, json, true), 'gpt-5"'));
    expect(edited.toString()).toBe('{ "a":"北京😀" , "model":  "gpt-5\\"" ,"b":1.0e2 }');
  });

  it('give the very same buffer when there is nothing to change', () => {
    const body = Buffer.from('{"model":"m"}');
    expect(editBody(body, [])).toBe(body);
  });

  it.each([
    ['{"model":"m","stream":true}', { include_usage: true }],
    ['{"model":"m","stream_options":null,"stream":true}', { include_usage: true }],
    [
      '{"model":"m","stream_options":{"include_usage":false,"include_obfuscation":false}}',
      { include_usage: true, include_obfuscation: false },
    ],
    ['\ufeff {"stream_options":{},"model":"m"}', { include_usage: true }],
  ])('S1: usage is asked for in %s', (text, options) => {
    const body = Buffer.from(text);
    const edited = editBody(body, askForUsage(body, readRequestHead(body, json, true)));
    expect(JSON.parse(edited.toString().replace('\ufeff', ''))).toMatchObject({ model: 'm', stream_options: options });
  });
});
