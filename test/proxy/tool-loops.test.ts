import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { answerText, figures, signatures, thinkingText } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { readEvents } from '../support/test-gateway-client.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

interface ToolCall {
  index?: number;
  id: string;
  type: string;
  function: { name: string; arguments: string };
}
/** All that a plain OpenAI client keeps of an answer. */
interface PlainTurn {
  role: 'assistant';
  content: string | null;
  tool_calls: ToolCall[];
}
interface Delta {
  content?: string | null;
  tool_calls?: ToolCall[];
}

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = ['weather', 'news'].map((name) => ({ type: 'function', function: { name, parameters } }));
const question = { role: 'user', content: '[think] [tools]' };

async function ask(model: string, stream: boolean, messages: object[], more: object = {}): Promise<PlainTurn> {
  const reply = await tollgate.post('/v1/chat/completions', { model, stream, tools, messages, reasoning_effort: 'high', ...more });
  expect(reply.status, reply.text).toBe(200);
  if (!stream) {
    const { content, tool_calls = [] } = reply.json<{ choices: { message: PlainTurn }[] }>().choices[0]!.message;
    return {
      role: 'assistant',
      content,
      tool_calls: tool_calls.map(({ id, type, function: { name, arguments: text } }) => ({
        id,
        type,
        function: { name, arguments: text },
      })),
    };
  }
  return joinDeltas(
    readEvents<{ choices: { delta: Delta }[] } | string>(reply.text).flatMap((chunk) =>
      typeof chunk === 'string' ? [] : chunk.choices.map(({ delta }) => delta),
    ),
  );
}

/** As naive clients do it: by index, concatenating. */
function joinDeltas(deltas: readonly Delta[]): PlainTurn {
  const turn: PlainTurn = { role: 'assistant', content: null, tool_calls: [] };
  for (const delta of deltas) {
    if (delta.content) turn.content = (turn.content ?? '') + delta.content;
    for (const { index, id, type, function: fn } of delta.tool_calls ?? []) {
      turn.tool_calls[index!] ??= { id, type, function: { name: fn.name, arguments: '' } };
      turn.tool_calls[index!]!.function.arguments += fn.arguments ?? '';
    }
  }
  return turn;
}

const results = (turn: PlainTurn) =>
  turn.tool_calls.map(({ id }, index) => ({ role: 'tool', tool_call_id: id, content: `result ${index}` }));
const sent = <T>() => tollgate.upstream.last().json<T>();

interface AnthropicBody {
  messages: { role: string; content: { type: string; [field: string]: unknown }[] }[];
  thinking?: unknown;
}
interface GeminiBody {
  contents: { role: string; parts: { [field: string]: unknown }[] }[];
}

describe.each([false, true])('a thinking tool loop of Claude, client without extensions, stream %s', (stream) => {
  const model = 'claude-sonnet-4-6';

  it('fixture 11, X1, X2, X4, T7: two calls behind a text have the indices 0 and 1 and valid JSON each', async () => {
    const turn = await ask(model, stream, [question]);
    expect(turn.content).toBe(answerText);
    expect(turn.tool_calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
      ['weather', { city: '北京😀' }],
      ['news', { city: 'Oslo' }],
    ]);
  });

  it('X5, T8, X14, X16: its signed thinking is back upstream, in order, results together behind it', async () => {
    const turn = await ask(model, stream, [question]);
    const second = await ask(model, stream, [question, turn, ...results(turn), { role: 'user', content: 'and now?' }]);
    expect(second.content).toBe(answerText);
    const { messages, thinking } = sent<AnthropicBody>();
    expect(thinking).toBeDefined();
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[1]!.content).toMatchObject([
      { type: 'thinking', thinking: thinkingText, signature: signatures.anthropic },
      { type: 'text', text: answerText },
      { type: 'tool_use', id: turn.tool_calls[0]!.id, name: 'weather', input: { city: '北京😀' } },
      { type: 'tool_use', id: turn.tool_calls[1]!.id, name: 'news', input: { city: 'Oslo' } },
    ]);
    expect(messages[2]!.content.map(({ type }) => type)).toEqual(['tool_result', 'tool_result', 'text']);
    expect(messages[2]!.content.map((block) => block['tool_use_id'])).toEqual([...turn.tool_calls.map(({ id }) => id), undefined]);
  });

  it('X7: of another model is not given to it', async () => {
    const turn = await ask(model, stream, [question]);
    await ask('claude-opus-4-6', stream, [question, turn, ...results(turn)]);
    expect(JSON.stringify(sent<AnthropicBody>().messages)).not.toContain(signatures.anthropic);
  });
});

it('X6: interleaved thinking comes back in its own order', async () => {
  const think = (n: number) => ({ type: 'thinking', thinking: `thought ${n}`, signature: `sig${n}==` });
  const use = (n: number) => ({ type: 'tool_use', id: `toolu_i${n}`, name: 'weather', input: {} });
  const content = [think(1), use(1), think(2), use(2)];
  tollgate.upstream.enqueue({
    body: { id: 'm', type: 'message', role: 'assistant', model: 'c', content, stop_reason: 'tool_use', usage: figures.anthropic },
  });
  const turn = await ask('claude-sonnet-4-6', false, [question]);
  expect(turn.tool_calls.map((call) => call.function.arguments)).toEqual(['{}', '{}']);
  await ask('claude-sonnet-4-6', false, [question, turn, ...results(turn)]);
  expect(sent<AnthropicBody>().messages[1]!.content).toEqual(content);
});

it('X16: a turn of tool calls only has no empty text', async () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } };
  for (const content of [null, '', undefined]) {
    await ask('claude-sonnet-4-6', false, [
      question,
      { role: 'assistant', content, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: '' },
    ]);
    expect(sent<AnthropicBody>().messages[1]!.content.filter(({ type }) => type === 'text')).toEqual([]);
  }
});

describe.each([false, true])('a tool loop of Gemini 3, client without extensions, stream %s', (stream) => {
  const model = 'gemini-3-flash-preview';

  it('X8, T5: its thought signature is back on the first call', async () => {
    const turn = await ask(model, stream, [question]);
    await ask(model, stream, [question, turn, ...results(turn)]);
    const { contents } = sent<GeminiBody>();
    expect(contents.map(({ role }) => role)).toEqual(['user', 'model', 'user']);
    const calls = contents[1]!.parts.filter((part) => 'functionCall' in part);
    expect(calls.map((part) => part['thoughtSignature'])).toEqual([signatures.gemini, undefined]);
    expect(calls).toMatchObject([
      { functionCall: { name: 'weather', args: { city: '北京😀' } } },
      { functionCall: { name: 'news', args: { city: 'Oslo' } } },
    ]);
  });

  it('X9, T4: a result bears its function’s name and its call’s id', async () => {
    const turn = await ask(model, stream, [question]);
    await ask(model, stream, [question, turn, ...results(turn)]);
    const answers = sent<GeminiBody>().contents[2]!.parts;
    expect(answers).toMatchObject([
      { functionResponse: { name: 'weather', id: 'fc_fake0' } },
      { functionResponse: { name: 'news', id: 'fc_fake1' } },
    ]);
  });
});

it('X8: a history without any signature carries the documented sentinel', async () => {
  const call = { id: 'call_x', type: 'function', function: { name: 'weather', arguments: '{}' } };
  const messages = [
    question,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_x', content: '5 °C' },
  ];
  await ask('gemini-3-flash-preview', false, messages);
  expect(sent<GeminiBody>().contents[1]!.parts).toMatchObject([
    { functionCall: { name: 'weather' }, thoughtSignature: 'skip_thought_signature_validator' },
  ]);
});

it('X7: thinking of Gemini is not replayed to Claude, nor Claude’s to Gemini', async () => {
  const fromGemini = await ask('gemini-3-flash-preview', false, [question]);
  await ask('claude-sonnet-4-6', false, [question, fromGemini, ...results(fromGemini)]);
  expect(tollgate.upstream.last().body.toString()).not.toContain(signatures.gemini);
  const fromClaude = await ask('claude-sonnet-4-6', false, [question]);
  await ask('gemini-3-flash-preview', false, [question, fromClaude, ...results(fromClaude)]);
  expect(tollgate.upstream.last().body.toString()).not.toContain(signatures.anthropic);
});

it('X13: a call whose result never came is paired all the same', async () => {
  const turn = await ask('gemini-3-flash-preview', false, [question]);
  await ask('gemini-3-flash-preview', false, [question, turn, results(turn)[0]!, { role: 'user', content: 'go on' }]);
  const { contents } = sent<GeminiBody>();
  expect(contents[2]!.parts.filter((part) => 'functionResponse' in part)).toHaveLength(2);
  await ask('claude-sonnet-4-6', false, [question, turn, results(turn)[0]!, { role: 'user', content: 'go on' }]);
  const last = sent<AnthropicBody>().messages[2]!.content;
  expect(last.filter(({ type }) => type === 'tool_result')).toHaveLength(2);
});

it('Gemini 2.5 gives its calls no ids: ours differ from turn to turn', async () => {
  const first = await ask('gemini-2.5-flash', true, [question]);
  tollgate.upstream.enqueue((request) => {
    const answer = answerByDefault(request);
    return { ...answer, chunks: answer.chunks!.map((chunk) => String(chunk).replaceAll('gemini_fake1', 'gemini_fake2')) };
  });
  const second = await ask('gemini-2.5-flash', true, [question]);
  const ids = [...first.tool_calls, ...second.tool_calls].map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  await ask('gemini-2.5-flash', true, [question, first, ...results(first), second, ...results(second)]);
  const names = sent<GeminiBody>().contents.flatMap(({ parts }) =>
    parts.flatMap((part) => (part['functionResponse'] as { name: string } | undefined)?.name ?? []),
  );
  expect(names).toEqual(['weather', 'news', 'weather', 'news']);
});
