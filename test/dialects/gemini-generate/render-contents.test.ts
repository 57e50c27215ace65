import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src-main/domain/conversation.ts';
import { assistant, system, user } from '../../support/chat-request.ts';
import { answered, called, contentsOf, gemini25, render } from './fixtures.ts';

const skip = 'skip_thought_signature_validator';
const callPart = (id: string, name: string, thoughtSignature?: string) => ({
  functionCall: { id, name, args: {} },
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});
const resultPart = (id: string, name: string, response: object) => ({ functionResponse: { id, name, response } });
const model = (...parts: unknown[]) => ({ role: 'model', parts });
const fromUser = (...parts: unknown[]) => ({ role: 'user', parts });

describe('Gemini contents', () => {
  it('T9: joins all leading system messages, in order, and wraps later ones', () => {
    const { body } = render({
      messages: [
        system('A'),
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'B' },
            { type: 'text', text: 'C' },
          ],
        },
        user('Hi'),
        system('Later'),
        user('Go'),
      ],
    });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'A' }, { text: 'B' }, { text: 'C' }] });
    expect(body['contents']).toEqual([fromUser({ text: 'Hi' }, { text: '<system-reminder>\nLater\n</system-reminder>' }, { text: 'Go' })]);
  });

  it('sends system messages alone as what the user says', () => {
    const { body } = render({ messages: [system('A')] });
    expect(body).toEqual({ contents: [fromUser({ text: 'A' })] });
  });

  it('merges turns of one side in a row without joining their parts', () => {
    expect(contentsOf([user('a'), user('b'), assistant('c'), assistant('d'), user('')])).toEqual([
      fromUser({ text: 'a' }, { text: 'b' }),
      model({ text: 'c' }, { text: 'd' }),
    ]);
  });

  it('puts a user turn before a history that begins with the model, and says so', () => {
    const { body, paths } = render({ messages: [system('S'), assistant('c'), user('d')] });
    expect(body['contents']).toMatchObject([{ role: 'user' }, { role: 'model' }, { role: 'user' }]);
    expect(paths).toEqual(['messages[1]']);
  });

  it('T4, X9: names a result by the function of its call, wherever the caller left the name out', () => {
    const contents = contentsOf([user('x'), called('call_1', 'get_weather', '{"city":"北京"}'), answered(['call_1', 'rain'])], gemini25);
    expect(contents).toEqual([
      fromUser({ text: 'x' }),
      model({ functionCall: { id: 'call_1', name: 'get_weather', args: { city: '北京' } } }),
      fromUser(resultPart('call_1', 'get_weather', { output: 'rain' })),
    ]);
  });

  it.each([
    ['text', 'rain', { output: 'rain' }],
    ['a JSON object', '{"t":21}', { t: 21 }],
    ['a JSON array', '[1]', { output: '[1]' }],
    ['numbers that would be rounded', '{"id":12345678901234567}', { output: '{"id":12345678901234567}' }],
    ['nothing', '', { output: '' }],
  ])('wraps a result of %s', (_name, text, response) => {
    const contents = contentsOf([user('x'), called('c', 'f'), answered(['c', text])], gemini25) as unknown[];
    expect(contents[2]).toEqual(fromUser(resultPart('c', 'f', response)));
  });

  it('marks a failed result', () => {
    const failed: Message = { role: 'tool', results: [{ callId: 'c', parts: [{ type: 'text', text: '{"a":1}' }], isError: true }] };
    const contents = contentsOf([user('x'), called('c', 'f'), failed], gemini25) as unknown[];
    expect(contents[2]).toEqual(fromUser(resultPart('c', 'f', { error: '{"a":1}' })));
  });

  it("answers N calls with one user turn of N responses in the calls' order, nothing between", () => {
    const calls: Message = {
      role: 'assistant',
      parts: [
        { type: 'tool-call', id: 'a', name: 'f', argumentsText: '' },
        { type: 'tool-call', id: 'b', name: 'g', argumentsText: '{}' },
      ],
    };
    expect(contentsOf([user('x'), calls, system('note'), answered(['b', '2']), answered(['a', '1']), user('y')], gemini25)).toEqual([
      fromUser({ text: 'x' }),
      model(callPart('a', 'f'), callPart('b', 'g')),
      fromUser(resultPart('a', 'f', { output: '1' }), resultPart('b', 'g', { output: '2' })),
      fromUser({ text: '<system-reminder>\nnote\n</system-reminder>' }, { text: 'y' }),
    ]);
  });

  it('X13: gives an unanswered call a result and an orphan result a text', () => {
    const { body, losses } = render({ messages: [user('x'), answered(['gone', 'old']), called('a', 'f')] }, gemini25);
    expect(body['contents']).toEqual([
      fromUser({ text: 'x' }, { text: '[tool result gone] old' }),
      model(callPart('a', 'f')),
      fromUser(resultPart('a', 'f', { error: 'No result: the call was not completed.' })),
    ]);
    expect(losses).toEqual([{ path: 'messages[1]', reason: 'The call gone is not in the conversation; its result is sent as text.' }]);
  });

  it('keeps calls apart whose ids repeat across turns', () => {
    const turn = (text: string) => [called('call_0', 'f'), answered(['call_0', text])];
    expect(contentsOf([user('x'), ...turn('one'), ...turn('two')], gemini25)).toEqual([
      fromUser({ text: 'x' }),
      model(callPart('call_0', 'f')),
      fromUser(resultPart('call_0', 'f', { output: 'one' })),
      model(callPart('call_0_2', 'f')),
      fromUser(resultPart('call_0_2', 'f', { output: 'two' })),
    ]);
  });

  it('gives calls of one turn that share an id each its own result, and a result given twice counts as an orphan', () => {
    const call = { type: 'tool-call', id: 'c', name: 'f', argumentsText: '' } as const;
    const messages: Message[] = [
      user('x'),
      { role: 'assistant', parts: [call, { ...call }] },
      answered(['c', '1'], ['c', '2'], ['c', '3']),
    ];
    expect((contentsOf(messages, gemini25) as unknown[]).slice(2)).toEqual([
      fromUser(resultPart('c', 'f', { output: '1' }), resultPart('c_2', 'f', { output: '2' })),
      fromUser({ text: '[tool result c] 3' }),
    ]);
  });

  it.each([
    ['', {}, []],
    ['{"a":', { _raw: '{"a":' }, ['messages[1].parts[0].arguments']],
    ['[1]', { _raw: '[1]' }, ['messages[1].parts[0].arguments']],
  ])('sends the arguments %j as an object', (argumentsText, args, lost) => {
    const { body, paths } = render({ messages: [user('x'), called('a', 'f', argumentsText)] }, gemini25);
    expect(body['contents']).toMatchObject([{}, { parts: [{ functionCall: { args } }] }, {}]);
    expect(paths).toEqual(lost);
  });
});

describe('thought signatures', () => {
  it('T5, X8: returns the signature of a call byte for byte', () => {
    const contents = contentsOf([user('x'), called('a', 'f', '{}', 'c2ln+/=='), answered(['a', '1'])]) as unknown[];
    expect(contents[1]).toEqual(model(callPart('a', 'f', 'c2ln+/==')));
  });

  it('X8: signs the first call of every step with the skip word where the signature is lost', () => {
    const two: Message = {
      role: 'assistant',
      parts: [
        { type: 'text', text: 'both' },
        { type: 'tool-call', id: 'b', name: 'g', argumentsText: '' },
        { type: 'tool-call', id: 'c', name: 'h', argumentsText: '' },
      ],
    };
    expect(contentsOf([user('x'), called('a', 'f'), answered(['a', '1']), two, answered(['b', '2'], ['c', '3'])])).toEqual([
      fromUser({ text: 'x' }),
      model(callPart('a', 'f', skip)),
      fromUser(resultPart('a', 'f', { output: '1' })),
      model({ text: 'both' }, callPart('b', 'g', skip), callPart('c', 'h')),
      fromUser(resultPart('b', 'g', { output: '2' }), resultPart('c', 'h', { output: '3' })),
    ]);
  });

  it('adds none for Gemini 2.5', () => {
    const contents = contentsOf([user('x'), called('a', 'f')], gemini25) as unknown[];
    expect(contents[1]).toEqual(model(callPart('a', 'f')));
  });

  it.each([
    ['the same model', { dialect: 'gemini-generate', model: 'models/gemini-3-flash' }, 'SIG', []],
    ['another Gemini', { dialect: 'gemini-generate', model: 'gemini-3.1-pro-preview' }, skip, ['messages[1].parts[0].signature']],
    ['Claude', { dialect: 'anthropic-messages', model: 'claude-opus-5' }, skip, ['messages[1].parts[0].signature']],
  ])('X7: treats a signature of %s by its origin', (_name, signatureOrigin, sent, lost) => {
    const message: Message = {
      role: 'assistant',
      parts: [{ type: 'tool-call', id: 'a', name: 'f', argumentsText: '', signature: 'SIG', signatureOrigin }],
    };
    const { body, paths } = render({ messages: [user('x'), message] });
    expect(body['contents']).toMatchObject([{}, { parts: [{ thoughtSignature: sent }] }, {}]);
    expect(paths).toEqual(lost);
  });

  it('never merges signed parts and keeps an empty signed text', () => {
    const message: Message = {
      role: 'assistant',
      parts: [
        { type: 'text', text: 'a', signature: 'S1' },
        { type: 'text', text: 'b' },
        { type: 'text', text: '', signature: 'S2' },
        { type: 'text', text: '' },
      ],
    };
    expect(contentsOf([user('x'), message])).toEqual([
      fromUser({ text: 'x' }),
      model({ text: 'a', thoughtSignature: 'S1' }, { text: 'b' }, { text: '', thoughtSignature: 'S2' }),
    ]);
  });

  it('X7: drops the signature of a text beside which another model signed', () => {
    const signatureOrigin = { dialect: 'gemini-generate', model: 'gemini-3.1-pro-preview' };
    const message: Message = {
      role: 'assistant',
      parts: [
        { type: 'text', text: 'a', signature: 'T' },
        { type: 'tool-call', id: 'c', name: 'f', argumentsText: '', signature: 'S', signatureOrigin },
      ],
    };
    const { body, paths } = render({ messages: [user('x'), message] });
    expect(body['contents']).toMatchObject([{}, model({ text: 'a' }, callPart('c', 'f', skip)), {}]);
    expect(body['contents']).not.toHaveProperty('1.parts.0.thoughtSignature');
    expect(paths).toEqual(['messages[1].parts[0].signature', 'messages[1].parts[1].signature']);
  });

  it('sends its own signed thoughts back and drops those of others with a loss', () => {
    const own = { dialect: 'gemini-generate', model: 'gemini-3-flash' };
    const message: Message = {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'mine', signature: 'S', origin: own },
        { type: 'reasoning', text: 'unsigned', origin: own },
        { type: 'reasoning', text: 'foreign', signature: 'T', origin: { dialect: 'anthropic-messages', model: 'claude-opus-5' } },
        { type: 'reasoning', text: '', redactedData: 'R' },
        { type: 'text', text: 'ok' },
      ],
    };
    const { body, paths } = render({ messages: [user('x'), message] });
    expect(body['contents']).toEqual([
      fromUser({ text: 'x' }),
      model({ text: 'mine', thought: true, thoughtSignature: 'S' }, { text: 'ok' }),
    ]);
    expect(paths).toEqual(['messages[1].parts[2]', 'messages[1].parts[3]']);
  });
});

describe('media', () => {
  const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;

  it('X20, X21: sends images, PDF and audio inline and URLs by reference', () => {
    const { body, paths } = render({
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'image', source: png, detail: 'low' },
            { type: 'image', source: { kind: 'url', url: 'https://example.com/a.jpg?x=1' } },
            { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' }, fileName: 'a.pdf' },
            { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
          ],
        },
      ],
    });
    expect(body['contents']).toEqual([
      fromUser(
        { inlineData: { mimeType: 'image/png', data: 'AAAA' }, mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } },
        { fileData: { fileUri: 'https://example.com/a.jpg?x=1', mimeType: 'image/jpeg' } },
        { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
        { inlineData: { mimeType: 'audio/wav', data: 'UklG' } },
      ),
    ]);
    expect(paths).toEqual(['messages[0].parts[2].fileName']);
  });

  it('refuses a file id of another provider', () => {
    const messages: Message[] = [{ role: 'user', parts: [{ type: 'image', source: { kind: 'file', fileId: 'file-1' } }] }];
    expect(() => render({ messages })).toThrow(expect.objectContaining({ code: 'unsupported_feature', param: 'messages[0].parts[0]' }));
  });

  it('puts an image of a tool result beside it, or before Gemini 3 into a user turn', () => {
    const messages: Message[] = [
      user('x'),
      called('a', 'shot'),
      { role: 'tool', results: [{ callId: 'a', parts: [{ type: 'image', source: png }] }] },
      user('y'),
    ];
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    const response = { output: '[media attached]' };
    expect((contentsOf(messages) as unknown[]).slice(2)).toEqual([
      fromUser({ functionResponse: { id: 'a', name: 'shot', response, parts: [{ inlineData }] } }),
      fromUser({ text: 'y' }),
    ]);
    expect((contentsOf(messages, gemini25) as unknown[]).slice(2)).toEqual([
      fromUser(resultPart('a', 'shot', response)),
      fromUser({ inlineData }, { text: 'y' }),
    ]);
  });
});
