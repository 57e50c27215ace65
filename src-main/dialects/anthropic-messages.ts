import { parseError } from './anthropic-messages/parse-error.ts';
import { parseResponse } from './anthropic-messages/parse-response.ts';
import { createStreamParser } from './anthropic-messages/parse-stream.ts';
import { readReply } from './anthropic-messages/read-reply.ts';
import { endsStream, readStream } from './anthropic-messages/read-stream.ts';
import { renderError, renderStreamError } from './anthropic-messages/render-error.ts';
import { renderRequest } from './anthropic-messages/render-request.ts';
import type { Dialect } from './dialect.ts';

/**
 * The `anthropic-version` of translated calls; a caller's own goes through unchanged. The newer 2026-10-21 only takes
 * things away (sampling settings, documents in assistant messages): with 2023-06-01 a model up to 4.6 can still be given
 * a temperature, and newer models are sent none of what they reject under either version.
 */
export const anthropicVersion = '2023-06-01';

/** Anthropic Messages (`POST /v1/messages`). */
export const anthropicMessages = {
  id: 'anthropic-messages',
  readReply,
  readStream,
  endsStream,
  parseError,
  renderError,
  renderStreamError,
  upstream: { renderRequest, parseResponse, createStreamParser },
} satisfies Dialect;
