import { anthropicMessages } from './anthropic-messages.ts';
import type { Dialect, DialectId } from './dialect.ts';
import { geminiGenerate } from './gemini-generate.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

export type Dialects = Readonly<Record<DialectId, Dialect>>;

/** Every wire format; the only file that sees them all. */
export const dialects: Dialects = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'gemini-generate': geminiGenerate,
};
