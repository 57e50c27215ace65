import type { Dialect } from './dialect.ts';
import { renderOpenaiError } from './openai-error.ts';
import { parseError } from './openai-responses/parse-error.ts';
import { readReply } from './openai-responses/read-reply.ts';
import { endsStream, readStream } from './openai-responses/read-stream.ts';
import { renderStreamError } from './openai-responses/render-stream-error.ts';

/** OpenAI's `/v1/responses`: read and metered, passed through unchanged. */
export const openaiResponses = {
  id: 'openai-responses',
  readReply,
  readStream,
  endsStream,
  parseError,
  renderError: renderOpenaiError,
  renderStreamError,
} as const satisfies Dialect;
