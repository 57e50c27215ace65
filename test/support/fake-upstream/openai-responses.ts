import { answerText, figures } from './figures.ts';
import { words } from './openai-chat.ts';
import { inventArguments, type Wish } from './read-wish.ts';
import type { ScriptedReply } from './write-reply.ts';

const id = 'resp_fake1';

/** OpenAI Responses. */
export function answerResponses(wish: Wish): ScriptedReply {
  const headers = { 'x-request-id': 'req_fake_responses' };
  const output = renderOutput(wish);
  const done = { ...skeleton(wish), status: 'completed', output, usage: figures.responses };
  if (!wish.stream) return { headers, body: done };
  let sequence = 0;
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const chunks = [event('response.created', { response: skeleton(wish) })];
  output.forEach((item, index) => {
    const place = { item_id: item.id, output_index: index };
    if (item.type === 'function_call') {
      chunks.push(event('response.output_item.added', { output_index: index, item: { ...item, arguments: '', status: 'in_progress' } }));
      chunks.push(event('response.function_call_arguments.delta', { ...place, delta: item.arguments }));
      chunks.push(event('response.function_call_arguments.done', { ...place, arguments: item.arguments }));
    } else {
      const part = { type: 'output_text', text: '', annotations: [] };
      chunks.push(event('response.output_item.added', { output_index: index, item: { ...item, content: [], status: 'in_progress' } }));
      chunks.push(event('response.content_part.added', { ...place, content_index: 0, part }));
      for (const word of words(answerText)) chunks.push(event('response.output_text.delta', { ...place, content_index: 0, delta: word }));
      chunks.push(event('response.output_text.done', { ...place, content_index: 0, text: answerText }));
      chunks.push(event('response.content_part.done', { ...place, content_index: 0, part: { ...part, text: answerText } }));
    }
    chunks.push(event('response.output_item.done', { output_index: index, item }));
  });
  return { headers, chunks: [...chunks, event('response.completed', { response: done })] };
}

function skeleton(wish: Wish): object {
  return {
    id,
    object: 'response',
    created_at: 1_790_000_000,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: wish.model,
    output: [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: null,
  };
}

type OutputItem =
  | { type: 'function_call'; id: string; call_id: string; name: string; arguments: string; status: string }
  | { type: 'message'; id: string; role: string; status: string; content: object[] };

function renderOutput(wish: Wish): OutputItem[] {
  if (wish.toolCalls.length === 0) {
    const content = [{ type: 'output_text', text: answerText, annotations: [] }];
    return [{ type: 'message', id: 'msg_fake_out', role: 'assistant', status: 'completed', content }];
  }
  return wish.toolCalls.map((name, index) => ({
    type: 'function_call',
    id: `fc_fake${index}`,
    call_id: `call_fake${index}`,
    name,
    arguments: JSON.stringify(inventArguments(index)),
    status: 'completed',
  }));
}
