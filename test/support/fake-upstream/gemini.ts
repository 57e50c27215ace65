import { answerObject, answerText, figures, signatures, thinkingText } from './figures.ts';
import { words } from './openai-chat.ts';
import { inventArguments, type Wish } from './read-wish.ts';
import type { ScriptedReply } from './write-reply.ts';

type Part = Record<string, unknown>;

/** Gemini generateContent and streamGenerateContent; SSE with CRLF as Google sends it, a JSON array without `alt=sse`. */
export function answerGemini(wish: Wish, sse: boolean): ScriptedReply {
  const parts = renderParts(wish);
  if (!wish.stream) return { body: renderReply(wish, parts.flat(), 'STOP', figures.gemini) };
  const replies = parts.map((group, index) =>
    renderReply(wish, group, index === parts.length - 1 ? 'STOP' : null, index === parts.length - 1 ? figures.gemini : earlyUsage),
  );
  if (sse) return { chunks: replies.map((reply) => `data: ${JSON.stringify(reply)}\r\n\r\n`) };
  const last = replies.length - 1;
  return {
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    chunks: replies.map(
      (reply, index) => `${index === 0 ? '[' : ',\r\n'}${JSON.stringify(reply, null, 2)}${index === last ? '\n]\n' : ''}`,
    ),
  };
}

const earlyUsage = { promptTokenCount: 120, totalTokenCount: 120 };

function renderReply(wish: Wish, parts: readonly Part[], finishReason: string | null, usageMetadata: object): object {
  const candidate = { content: { parts, role: 'model' }, ...(finishReason === null ? {} : { finishReason }), index: 0 };
  return { candidates: [candidate], usageMetadata, modelVersion: wish.model, responseId: 'gemini_fake1' };
}

/** Parts, grouped by the chunk they would come in. */
function renderParts(wish: Wish): Part[][] {
  const thinking = wish.thinking ? [[{ text: thinkingText, thought: true }]] : [];
  if (wish.toolCalls.length === 0) {
    const text = wish.json ? JSON.stringify(answerObject) : answerText;
    return [...thinking, ...words(text).map((word) => [{ text: word }])];
  }
  // Only the first of parallel calls is signed (Gemini 3 and later).
  const signed = /gemini-[3-9]/.test(wish.model);
  const calls = wish.toolCalls.map((name, index) => ({
    functionCall: { name, args: inventArguments(index), ...(signed ? { id: `fc_fake${index}` } : {}) },
    ...(signed && index === 0 ? { thoughtSignature: signatures.gemini } : {}),
  }));
  return [...thinking, calls];
}
