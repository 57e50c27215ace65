import type { Dialect } from './dialect.ts';
import { parseError } from './openai-responses/parse-error.ts';
import { readReply } from './openai-responses/read-reply.ts';
import { endsStream, readStream } from './openai-responses/read-stream.ts';
import { renderError, renderStreamError } from './openai-responses/render-error.ts';

/** OpenAI's `/v1/responses`: read and metered, passed through unchanged. */
export const openaiResponses = {
  id: 'openai-responses',
  readReply,
  readStream,
  endsStream,
  parseError,
  renderError,
  renderStreamError,
} as const satisfies Dialect;
