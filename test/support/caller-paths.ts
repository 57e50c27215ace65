import type { DialectId } from '../../src-main/dialects/dialect.ts';

/** One way through the gateway: what a caller speaks, and who answers. */
export interface CallerPath {
  readonly name: string;
  readonly callerDialect: DialectId;
  readonly upstreamDialect: DialectId;
  readonly provider: string;
  /** A chat request whose user says `text`. */
  request(text: string, stream: boolean): { path: string; body: object };
}

const chat = (name: string, provider: string, upstreamDialect: DialectId, model: string): CallerPath => ({
  name,
  callerDialect: 'openai-chat',
  upstreamDialect,
  provider,
  request: (text, stream) => ({ path: '/v1/chat/completions', body: { model, stream, messages: [{ role: 'user', content: text }] } }),
});

export const callerPaths: readonly CallerPath[] = [
  chat('chat → openai', 'openai', 'openai-chat', 'gpt-5.4-mini'),
  chat('chat → anthropic', 'anthropic', 'anthropic-messages', 'claude-sonnet-4-6'),
  chat('chat → gemini', 'gemini', 'gemini-generate', 'gemini-2.5-flash'),
  {
    name: 'messages → anthropic',
    callerDialect: 'anthropic-messages',
    upstreamDialect: 'anthropic-messages',
    provider: 'anthropic',
    request: (text, stream) => ({
      path: '/v1/messages',
      body: { model: 'claude-sonnet-4-6', max_tokens: 100, stream, messages: [{ role: 'user', content: text }] },
    }),
  },
  {
    name: 'gemini → gemini',
    callerDialect: 'gemini-generate',
    upstreamDialect: 'gemini-generate',
    provider: 'gemini',
    request: (text, stream) => ({
      path: `/v1beta/models/gemini-2.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body: { contents: [{ role: 'user', parts: [{ text }] }] },
    }),
  },
];

export function isTranslated(path: CallerPath): boolean {
  return path.callerDialect !== path.upstreamDialect;
}

type Json = Record<string, unknown>;

/** The message of an error body that is whole and in the shape its dialect's SDKs read; null when it is not. */
export function readErrorMessage(dialect: DialectId, body: unknown): string | null {
  const outer = readObject(body);
  const error = readObject(outer?.['error']);
  if (error === null || typeof error['message'] !== 'string' || error['message'] === '') return null;
  const fits =
    dialect === 'anthropic-messages'
      ? outer?.['type'] === 'error' && typeof error['type'] === 'string'
      : dialect === 'gemini-generate'
        ? typeof error['code'] === 'number' && typeof error['status'] === 'string'
        : typeof error['type'] === 'string' && 'param' in error && 'code' in error;
  return fits ? error['message'] : null;
}

/** Whether a stream says that the answer is complete. */
export function hasProperEnd(dialect: DialectId, text: string): boolean {
  if (dialect === 'anthropic-messages') return text.includes('"message_stop"');
  if (dialect === 'gemini-generate') return text.includes('"finishReason"');
  return text.includes('[DONE]') || /"finish_reason":\s*"/.test(text);
}

function readObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null ? (value as Json) : null;
}
