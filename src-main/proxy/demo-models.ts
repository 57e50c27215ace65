import type { ChatEvent } from '../domain/chat-event.ts';
import type { ChatRequest, Message, Tool } from '../domain/conversation.ts';
import { emptyUsage, type TokenUsage } from '../domain/token-usage.ts';

export interface DemoModel {
  readonly name: string;
  answer(request: ChatRequest, callId: string): ChatEvent[];
}

/** What anyone can try before a key is there: an answer, a tool call, some thinking. */
export const demoModels: readonly DemoModel[] = [
  { name: 'echo', answer: (request, callId) => assemble(request, callId, 'echo', '', `You said: ${readLastUserText(request)}`) },
  {
    name: 'thinking',
    answer: (request, callId) =>
      assemble(
        request,
        callId,
        'thinking',
        'This is a demo, so there is nothing to think about; these words only show where thinking goes.',
        `Having thought about it: ${readLastUserText(request)}`,
      ),
  },
  { name: 'tools', answer: answerWithTool },
];

function answerWithTool(request: ChatRequest, callId: string): ChatEvent[] {
  const last = request.messages.at(-1);
  if (last?.role === 'tool') {
    const result = last.results
      .map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(''))
      .join('; ');
    return assemble(request, callId, 'tools', '', `The tool answered: ${result}`);
  }
  const tool = request.tools[0];
  if (tool === undefined || request.toolChoice?.type === 'none') {
    return assemble(request, callId, 'tools', '', 'Send a tool with the request and this model will call it.');
  }
  const argumentsText = JSON.stringify(inventArguments(tool));
  const usage = countUsage(request, '', argumentsText);
  const id = `call_demo_${callId.slice(5)}`;
  return [
    { type: 'start', id: `chatcmpl-demo-${callId.slice(5)}`, model: 'tools' },
    { type: 'tool-call-start', choice: 0, call: 0, id, name: tool.name },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText },
    { type: 'tool-call-end', choice: 0, call: 0 },
    { type: 'usage', usage },
    { type: 'finish', choice: 0, reason: 'tool-calls', stopSequence: null },
    { type: 'end' },
  ];
}

function assemble(request: ChatRequest, callId: string, model: string, thinking: string, text: string): ChatEvent[] {
  const words = (whole: string): string[] => whole.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
  return [
    { type: 'start', id: `chatcmpl-demo-${callId.slice(5)}`, model },
    ...words(thinking).map((word): ChatEvent => ({ type: 'reasoning-delta', choice: 0, text: word })),
    ...words(text).map((word): ChatEvent => ({ type: 'text-delta', choice: 0, text: word })),
    { type: 'usage', usage: countUsage(request, thinking, text) },
    { type: 'finish', choice: 0, reason: 'stop', stopSequence: null },
    { type: 'end' },
  ];
}

/** A token is four characters here; real tokenizers differ, a demo need not. */
function countUsage(request: ChatRequest, thinking: string, text: string): TokenUsage {
  const input = request.messages.map(readText).join('').length;
  return {
    ...emptyUsage({ demo: true }),
    inputUncached: Math.ceil(input / 4),
    outputText: Math.ceil(text.length / 4),
    outputReasoning: Math.ceil(thinking.length / 4),
  };
}

function readLastUserText(request: ChatRequest): string {
  const last = request.messages.findLast((message) => message.role === 'user');
  return last === undefined ? 'nothing' : readText(last);
}

function readText(message: Message): string {
  if (message.role === 'tool')
    return message.results.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : ''))).join('');
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A value of the right type for each required property. */
function inventArguments(tool: Tool): Record<string, unknown> {
  const { properties, required } = (tool.parameters ?? {}) as {
    properties?: Record<string, { type?: unknown; enum?: unknown[] }>;
    required?: unknown;
  };
  const names = Array.isArray(required)
    ? required.filter((name): name is string => typeof name === 'string')
    : Object.keys(properties ?? {});
  return Object.fromEntries(names.map((name) => [name, inventValue(properties?.[name])]));
}

function inventValue(schema: { type?: unknown; enum?: unknown[] } | undefined): unknown {
  if (schema?.enum?.[0] !== undefined) return schema.enum[0];
  if (schema?.type === 'number' || schema?.type === 'integer') return 1;
  if (schema?.type === 'boolean') return true;
  if (schema?.type === 'array') return [];
  if (schema?.type === 'object') return {};
  return 'demo';
}
