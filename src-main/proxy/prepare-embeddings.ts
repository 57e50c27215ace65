import { geminiEmbeddings } from '../dialects/gemini-generate.ts';
import { encodeGeminiModel } from '../providers/upstream-path.ts';
import { authHeader, type PreparedCall, type PrepareInput } from './prepare-call.ts';
import { parseReply } from './relay-whole.ts';

/** OpenAI's `/v1/embeddings` on Gemini: its own endpoint and shape. @throws GatewayError invalid_request */
export function prepareEmbeddings(input: PrepareInput, body: Record<string, unknown>): PreparedCall {
  const { target } = input;
  const rendered = geminiEmbeddings.renderEmbeddingsRequest(body, target.model);
  const requestedModel = input.head.model ?? target.model;
  return {
    request: {
      method: 'POST',
      path: `${target.provider.basePath}/v1beta/models/${encodeGeminiModel(target.model)}${rendered.pathSuffix}`,
      headers: ['content-type', 'application/json', 'accept-encoding', 'identity', ...authHeader(target)],
      body: Buffer.from(JSON.stringify(rendered.body)),
    },
    conversion: 'translated',
    losses: rendered.losses,
    hidesUsage: false,
    translation: null,
    embeddings: {
      parse(received) {
        const parsed = geminiEmbeddings.parseEmbeddingsResponse(parseReply(received), { ...rendered.expected, model: requestedModel });
        return { json: parsed.body, facts: { usage: parsed.usage, responseId: null, model: null, finishReason: null } };
      },
    },
  };
}
