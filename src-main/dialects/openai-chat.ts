import type { Dialect } from './dialect.ts';
import { parseError } from './openai-chat/parse-error.ts';
import { parseRequest } from './openai-chat/parse-request.ts';
import { parseResponse } from './openai-chat/parse-response.ts';
import { createStreamParser } from './openai-chat/parse-stream.ts';
import { readReply } from './openai-chat/read-reply.ts';
import { endsStream, readStream } from './openai-chat/read-stream.ts';
import { renderRequest } from './openai-chat/render-request.ts';
import { renderResponse } from './openai-chat/render-response.ts';
import { createStreamRenderer } from './openai-chat/render-stream.ts';
import { renderStreamError } from './openai-chat/render-stream-error.ts';
import { renderOpenaiError } from './openai-error.ts';

/** OpenAI Chat Completions, and what the many servers that imitate it made of it. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
  readReply,
  readStream,
  endsStream,
  parseError,
  renderError: renderOpenaiError,
  renderStreamError,
  caller: { parseRequest, renderResponse, createStreamRenderer },
  upstream: { renderRequest, parseResponse, createStreamParser },
};
