import { event } from '../support/fake-upstream/anthropic.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { figures, signatures, thinkingText } from '../support/fake-upstream/figures.ts';
import type { Answer, RecordedRequest, ScriptedReply } from '../support/fake-upstream.ts';

/** What the scripted model asks its client to do. */
export interface ToolUse {
  /** As the client offers it. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Opaque state that comes with the tool call; the provider must get it back with the result. */
export const toolSignatures = { ...signatures, responses: 'gAAAAAB+reasoning/CC==' } as const;

export const toolCallId = 'call_client_1';

/** A model that thinks, uses a tool once, and answers `answerText` when its result is there. Every other request gets the defaults. */
export function answerWithTool(tool: ToolUse): Answer {
  return (request) => (wantsToolCall(request, tool.name) ? renderToolCall(request, tool) : answerByDefault(request));
}

/** Whether the client has sent back what its tool said. */
export function holdsToolResult(request: RecordedRequest): boolean {
  return /"(tool_result|functionResponse|function_call_output|tool_call_id)"/.test(request.body.toString('utf8'));
}

function wantsToolCall(request: RecordedRequest, name: string): boolean {
  if (request.method !== 'POST' || holdsToolResult(request)) return false;
  return JSON.stringify(request.json()['tools'] ?? null).includes(`"name":${JSON.stringify(name)}`);
}

function renderToolCall(request: RecordedRequest, tool: ToolUse): ScriptedReply {
  const route = request.path.split('?')[0] ?? '';
  if (route.endsWith('/messages')) return { chunks: renderAnthropic(tool, readModel(request)) };
  if (route.endsWith('/responses')) return { chunks: renderResponses(tool, readModel(request)) };
  if (route.endsWith('/chat/completions')) return { chunks: renderChat(tool, readModel(request)) };
  return { chunks: renderGemini(tool) };
}

function readModel(request: RecordedRequest): string {
  return String(request.json()['model']);
}

function renderAnthropic({ name, input }: ToolUse, model: string): string[] {
  const delta = (index: number, fields: object): string => event('content_block_delta', { index, delta: fields });
  const usage = { ...figures.anthropic, output_tokens: 1 };
  const message = { id: 'msg_tool', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage };
  return [
    event('message_start', { message }),
    event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }),
    delta(0, { type: 'thinking_delta', thinking: thinkingText }),
    delta(0, { type: 'signature_delta', signature: toolSignatures.anthropic }),
    event('content_block_stop', { index: 0 }),
    event('content_block_start', { index: 1, content_block: { type: 'tool_use', id: toolCallId, name, input: {} } }),
    delta(1, { type: 'input_json_delta', partial_json: JSON.stringify(input) }),
    event('content_block_stop', { index: 1 }),
    event('message_delta', {
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { output_tokens: figures.anthropic.output_tokens },
    }),
    event('message_stop', {}),
  ];
}

function renderResponses({ name, input }: ToolUse, model: string): string[] {
  const output = [
    {
      type: 'reasoning',
      id: 'rs_tool',
      summary: [{ type: 'summary_text', text: thinkingText }],
      encrypted_content: toolSignatures.responses,
    },
    { type: 'function_call', id: 'fc_tool', call_id: toolCallId, name, arguments: JSON.stringify(input), status: 'completed' },
  ];
  const response = {
    id: 'resp_tool',
    object: 'response',
    created_at: 1_790_000_000,
    model,
    status: 'in_progress',
    output: [],
    usage: null,
  };
  return [
    event('response.created', { response }),
    ...output.flatMap((item, output_index) => [
      event('response.output_item.added', { output_index, item }),
      event('response.output_item.done', { output_index, item }),
    ]),
    event('response.completed', { response: { ...response, status: 'completed', output, usage: figures.responses } }),
  ];
}

function renderChat({ name, input }: ToolUse, model: string): string[] {
  const base = { id: 'chatcmpl-tool', object: 'chat.completion.chunk', created: 1_790_000_000, model };
  const chunk = (fields: object): string => `data: ${JSON.stringify({ ...base, ...fields })}\n\n`;
  const delta = (content: object, finish_reason: string | null = null): string =>
    chunk({ choices: [{ index: 0, delta: content, finish_reason }] });
  return [
    delta({ role: 'assistant', content: null }),
    delta({ tool_calls: [{ index: 0, id: toolCallId, type: 'function', function: { name, arguments: '' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: JSON.stringify(input) } }] }),
    delta({}, 'tool_calls'),
    chunk({ choices: [], usage: figures.openai }),
    'data: [DONE]\n\n',
  ];
}

function renderGemini({ name, input }: ToolUse): string[] {
  const parts = [
    { text: thinkingText, thought: true },
    { functionCall: { name, args: input }, thoughtSignature: toolSignatures.gemini },
  ];
  const candidate = { content: { parts, role: 'model' }, finishReason: 'STOP', index: 0 };
  return [`data: ${JSON.stringify({ candidates: [candidate], usageMetadata: figures.gemini, responseId: 'gemini_tool' })}\r\n\r\n`];
}
