/** Replies of one provider format; texts start with " the quick", so that a reader can tell that they arrived whole. */
export interface ReplyFormat {
  whole(text: string): unknown;
  /** Events before the first text. */
  open: string[];
  delta(text: string): string;
  /** Events after the last text; `usage` = the caller asked for it. */
  close(chunks: number, usage: boolean): string[];
}

export const WHOLE_OUTPUT_TOKENS = 200;
export const INPUT_TOKENS = 42;

export type FormatName = 'openai' | 'anthropic' | 'gemini';

export const replyFormats: Record<FormatName, ReplyFormat> = {
  openai: createOpenaiFormat(),
  anthropic: createAnthropicFormat(),
  gemini: createGeminiFormat(),
};

function createOpenaiFormat(): ReplyFormat {
  const id = 'chatcmpl-bench0000000000000000000001';
  const head = { id, created: 1_760_000_000, model: 'gpt-4o-mini-2024-07-18', service_tier: 'default', system_fingerprint: 'fp_bench0001' };
  const renderUsage = (output: number) => ({
    prompt_tokens: INPUT_TOKENS,
    completion_tokens: output,
    total_tokens: INPUT_TOKENS + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  });
  const chunk = (choices: unknown[], usage: unknown = null): string =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, usage })}\n\n`;
  const choice = (delta: unknown, reason: string | null): unknown => ({ index: 0, delta, logprobs: null, finish_reason: reason });
  return {
    whole: (content) => ({
      ...head,
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content, refusal: null, annotations: [] }, logprobs: null, finish_reason: 'stop' },
      ],
      usage: renderUsage(WHOLE_OUTPUT_TOKENS),
    }),
    open: [chunk([choice({ role: 'assistant', content: '', refusal: null }, null)])],
    delta: (content) => chunk([choice({ content }, null)]),
    close: (chunks, usage) => [chunk([choice({}, 'stop')]), ...(usage ? [chunk([], renderUsage(chunks))] : []), 'data: [DONE]\n\n'],
  };
}

function createAnthropicFormat(): ReplyFormat {
  const event = (value: { type: string } & Record<string, unknown>): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
  const message = (content: unknown[], stopReason: string | null, output: number) => ({
    id: 'msg_bench00000000000000000001',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: {
      input_tokens: INPUT_TOKENS,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: output,
      service_tier: 'standard',
    },
  });
  return {
    whole: (text) => message([{ type: 'text', text }], 'end_turn', WHOLE_OUTPUT_TOKENS),
    open: [
      event({ type: 'message_start', message: message([], null, 1) }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      event({ type: 'ping' }),
    ],
    delta: (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    close: (chunks) => [
      event({ type: 'content_block_stop', index: 0 }),
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { input_tokens: INPUT_TOKENS, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: chunks },
      }),
      event({ type: 'message_stop' }),
    ],
  };
}

function createGeminiFormat(): ReplyFormat {
  const reply = (text: string, finishReason: string | null, output: number) => ({
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(finishReason !== null && { finishReason }), index: 0 }],
    usageMetadata: {
      promptTokenCount: INPUT_TOKENS,
      candidatesTokenCount: output,
      totalTokenCount: INPUT_TOKENS + output,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: INPUT_TOKENS }],
    },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'bench0001',
  });
  const event = (value: unknown): string => `data: ${JSON.stringify(value)}\r\n\r\n`;
  return {
    whole: (text) => reply(text, 'STOP', WHOLE_OUTPUT_TOKENS),
    open: [],
    delta: (text) => event(reply(text, null, 1)),
    close: (chunks) => [event(reply('', 'STOP', chunks))],
  };
}
