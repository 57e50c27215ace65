import { answerObject, answerText, figures, signatures, thinkingText } from './figures.ts';
import { words } from './openai-chat.ts';
import { inventArguments, type Wish } from './read-wish.ts';
import type { ScriptedReply } from './write-reply.ts';

const id = 'msg_fake1';

type Block = { type: string } & Record<string, unknown>;

/** Anthropic Messages. */
export function answerAnthropic(wish: Wish): ScriptedReply {
  const headers = { 'request-id': 'req_fake_anthropic', 'anthropic-ratelimit-requests-remaining': '99' };
  const blocks = renderBlocks(wish);
  const message = { id, type: 'message', role: 'assistant', model: wish.model };
  const stopReason = wish.toolCalls.length > 0 ? 'tool_use' : 'end_turn';
  if (!wish.stream) {
    return { headers, body: { ...message, content: blocks, stop_reason: stopReason, stop_sequence: null, usage: figures.anthropic } };
  }
  const start = { ...message, content: [], stop_reason: null, stop_sequence: null, usage: { ...figures.anthropic, output_tokens: 1 } };
  return {
    headers,
    chunks: [
      event('message_start', { message: start }),
      event('ping', {}),
      ...blocks.flatMap(renderBlockEvents),
      event('message_delta', {
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: figures.anthropic.output_tokens },
      }),
      event('message_stop', {}),
    ],
  };
}

/** One event as it stands on the wire. */
export function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function renderBlocks(wish: Wish): Block[] {
  const thinking = wish.thinking ? [{ type: 'thinking', thinking: thinkingText, signature: signatures.anthropic }] : [];
  const text = { type: 'text', text: wish.json ? JSON.stringify(answerObject) : answerText };
  const tools = wish.toolCalls.map((name, index) => ({ type: 'tool_use', id: `toolu_fake${index}`, name, input: inventArguments(index) }));
  return [...thinking, text, ...tools];
}

function renderBlockEvents(block: Block, index: number): string[] {
  const delta = (fields: object): string => event('content_block_delta', { index, delta: fields });
  const around = (empty: object, deltas: string[]): string[] => [
    event('content_block_start', { index, content_block: empty }),
    ...deltas,
    event('content_block_stop', { index }),
  ];
  if (block.type === 'thinking') {
    const deltas = words(String(block['thinking'])).map((word) => delta({ type: 'thinking_delta', thinking: word }));
    return around({ ...block, thinking: '', signature: '' }, [
      ...deltas,
      delta({ type: 'signature_delta', signature: block['signature'] }),
    ]);
  }
  if (block.type === 'tool_use') {
    const text = JSON.stringify(block['input']);
    const parts = ['', text.slice(0, 9), text.slice(9)].map((part) => delta({ type: 'input_json_delta', partial_json: part }));
    return around({ ...block, input: {} }, parts);
  }
  return around(
    { ...block, text: '' },
    words(String(block['text'])).map((word) => delta({ type: 'text_delta', text: word })),
  );
}
