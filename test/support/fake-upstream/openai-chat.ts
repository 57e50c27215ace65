import { answerObject, answerText, figures, thinkingText } from './figures.ts';
import { inventArguments, type Wish } from './read-wish.ts';
import type { ScriptedReply } from './write-reply.ts';

const id = 'chatcmpl-fake1';
const created = 1_790_000_000;

/** OpenAI Chat Completions; `xai` adds what xAI does differently (reasoning outside of completion, the cost in ticks, usage unasked). */
export function answerOpenAIChat(wish: Wish, includeUsage: boolean, xai: boolean): ScriptedReply {
  const usage = xai ? figures.xai : figures.openai;
  const headers = { 'x-request-id': 'req_fake_openai', 'openai-version': '2020-10-01' };
  if (!wish.stream)
    return { headers, body: { id, object: 'chat.completion', created, model: wish.model, choices: [renderChoice(wish)], usage } };
  const chunk = (choices: unknown[], more: object = {}): string =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model: wish.model, choices, ...more })}\n\n`;
  const delta = (content: object, finish: string | null = null): string => chunk([{ index: 0, delta: content, finish_reason: finish }]);
  const usageEnd = includeUsage || xai ? [chunk([], { usage })] : [];
  const chunks = [
    delta({ role: 'assistant', content: '' }),
    ...renderDeltas(wish).map((content) => delta(content)),
    delta({}, finishOf(wish)),
  ];
  return { headers, chunks: [...chunks, ...usageEnd, 'data: [DONE]\n\n'] };
}

function finishOf(wish: Wish): string {
  return wish.toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

function renderText(wish: Wish): string {
  return wish.json ? JSON.stringify(answerObject) : answerText;
}

function renderChoice(wish: Wish): unknown {
  const tools = wish.toolCalls.map((name, index) => ({
    id: `call_fake${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(inventArguments(index)) },
  }));
  const message = {
    role: 'assistant',
    content: tools.length > 0 ? null : renderText(wish),
    refusal: null,
    ...(tools.length > 0 ? { tool_calls: tools } : {}),
    ...(wish.thinking ? { reasoning_content: thinkingText } : {}),
  };
  return { index: 0, message, finish_reason: finishOf(wish), logprobs: null };
}

function renderDeltas(wish: Wish): object[] {
  const thinking = wish.thinking ? words(thinkingText).map((word) => ({ reasoning_content: word })) : [];
  if (wish.toolCalls.length === 0) return [...thinking, ...words(renderText(wish)).map((word) => ({ content: word }))];
  const calls = wish.toolCalls.flatMap((name, index) => {
    const text = JSON.stringify(inventArguments(index));
    return [
      { tool_calls: [{ index, id: `call_fake${index}`, type: 'function', function: { name, arguments: '' } }] },
      { tool_calls: [{ index, function: { arguments: text.slice(0, 9) } }] },
      { tool_calls: [{ index, function: { arguments: text.slice(9) } }] },
    ];
  });
  return [...thinking, ...calls];
}

export function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}
