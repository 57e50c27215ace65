import type { DialectId } from '../../../src-main/dialects/dialect.ts';

/** What a program would take from a reply. */
export interface ReadReply {
  text: string;
  /** Pieces of text: 1 for a whole answer. */
  deltas: number;
  outputTokens: number | null;
}

/** Occurs once in every piece of text of a streamed reply. */
export const deltaMarks: Partial<Record<DialectId, string>> = {
  'openai-chat': '"content":" ',
  'anthropic-messages': '"text_delta"',
  'gemini-generate': '"text":" ',
};

export function readReply(dialect: DialectId, stream: boolean, body: string): ReadReply {
  const reply: ReadReply = { text: '', deltas: 0, outputTokens: null };
  for (const message of stream ? readEvents(body) : [JSON.parse(body)]) {
    const { text, outputTokens } = readers[dialect]?.(message) ?? { text: '', outputTokens: null };
    reply.outputTokens = outputTokens ?? reply.outputTokens;
    if (text === '') continue;
    reply.text += text;
    reply.deltas++;
  }
  return reply;
}

// biome-ignore lint/suspicious/noExplicitAny: other people's JSON, read only to compare it with what the mock sent
type Json = any;

const readers: Partial<Record<DialectId, (message: Json) => { text: string; outputTokens: number | null }>> = {
  'openai-chat': (message) => {
    const choice = message.choices?.[0];
    return {
      text: choice?.delta?.content ?? choice?.message?.content ?? '',
      outputTokens: message.usage?.completion_tokens ?? null,
    };
  },
  'anthropic-messages': (message) => ({
    text: message.delta?.text ?? (message.content ?? []).map((block: Json) => block.text ?? '').join(''),
    outputTokens: message.usage?.output_tokens ?? null,
  }),
  'gemini-generate': (message) => ({
    text: (message.candidates?.[0]?.content?.parts ?? []).map((part: Json) => part.text ?? '').join(''),
    outputTokens: message.usageMetadata?.candidatesTokenCount ?? null,
  }),
};

function readEvents(body: string): Json[] {
  const payloads = body.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []));
  return payloads.filter((payload) => payload !== '' && payload !== '[DONE]').map((payload) => JSON.parse(payload));
}
