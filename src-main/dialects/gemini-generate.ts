import type { Dialect, UpstreamSide } from './dialect.ts';
import { parseEmbeddingsResponse, renderEmbeddingsRequest } from './gemini-generate/embeddings.ts';
import { parseError } from './gemini-generate/parse-error.ts';
import { parseResponse } from './gemini-generate/parse-response.ts';
import { createStreamParser } from './gemini-generate/parse-stream.ts';
import { readReply } from './gemini-generate/read-reply.ts';
import { endsStream, readStream } from './gemini-generate/read-stream.ts';
import { renderError, renderStreamError } from './gemini-generate/render-error.ts';
import { renderRequest } from './gemini-generate/render-request.ts';

/** Google's generateContent, streamGenerateContent, countTokens and embedContent (v1beta). */
export const geminiGenerate = {
  id: 'gemini-generate',
  readReply,
  readStream,
  endsStream,
  parseError,
  renderError,
  renderStreamError,
  upstream: { renderRequest, parseResponse, createStreamParser } satisfies UpstreamSide,
} as const satisfies Dialect;

/** OpenAI's `/v1/embeddings` on Gemini. */
export const geminiEmbeddings = { renderEmbeddingsRequest, parseEmbeddingsResponse } as const;
