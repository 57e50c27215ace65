import { randomBytes } from 'node:crypto';
import type { DialectId } from '../../../src-main/dialects/dialect.ts';
import type { Case } from './cases.ts';
import { findNonces, noncePlaceholder, renew } from './nonce.ts';

export type BodyKind = 'small' | 'image-5mb' | 'text-816kb';

/** One request as bytes; every `bytes()` has another text in it. */
export interface RequestSource {
  readonly caller: DialectId;
  bytes(): Buffer;
}

const system = 'You are a careful coding assistant. Answer briefly, cite file names, and never invent APIs. '.repeat(4);
const question = 'Explain what this function does and suggest one improvement: function debounce(fn, ms) { let t; };';
const longText = 'The gateway forwards tokens without touching them. ';

/** @param key sent the way programs of the caller's dialect send it */
export function createRequestSource(
  baseUrl: string,
  { caller, model }: Case,
  { key, stream, kind = 'small' }: { key: string; stream: boolean; kind?: BodyKind },
): RequestSource {
  const body = Buffer.from(JSON.stringify(renderBody(caller, model, stream, kind)));
  const headers = [
    `POST ${renderPath(caller, model, stream)} HTTP/1.1`,
    `host: ${new URL(baseUrl).host}`,
    'content-type: application/json',
    'user-agent: bench/1.0',
    `accept: ${stream ? 'text/event-stream' : 'application/json'}`,
    'x-tags: team:ml-ops, feature:code-review',
    ...renderKey(caller, key),
    `content-length: ${body.length}`,
  ];
  const template = Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n\r\n`), body]);
  const nonces = findNonces(template);
  return { caller, bytes: () => renew(template, nonces) };
}

function renderPath(dialect: DialectId, model: string, stream: boolean): string {
  if (dialect === 'openai-chat') return '/v1/chat/completions';
  if (dialect === 'anthropic-messages') return '/v1/messages';
  return `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
}

function renderKey(dialect: DialectId, key: string): string[] {
  if (dialect === 'openai-chat') return [`authorization: Bearer ${key}`];
  if (dialect === 'anthropic-messages') return [`x-api-key: ${key}`, 'anthropic-version: 2023-06-01'];
  return [`x-goog-api-key: ${key}`];
}

function renderBody(dialect: DialectId, model: string, stream: boolean, kind: BodyKind): unknown {
  const text = `${kind === 'text-816kb' ? longText.repeat(16_000) : question} ${noncePlaceholder}`;
  const images = kind === 'image-5mb' ? [createImage(), createImage(), createImage()] : [];
  const sampling = { temperature: 0.2, max_tokens: 512 };
  if (dialect === 'openai-chat') {
    const parts = images.map((data) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } }));
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello! How can I help?' },
      { role: 'user', content: parts.length > 0 ? [{ type: 'text', text }, ...parts] : text },
    ];
    return { model, messages, ...sampling, ...(stream && { stream, stream_options: { include_usage: true } }) };
  }
  if (dialect === 'anthropic-messages') {
    const parts = images.map((data) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }));
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello! How can I help?' },
      { role: 'user', content: parts.length > 0 ? [{ type: 'text', text }, ...parts] : text },
    ];
    return { model, system, messages, ...sampling, ...(stream && { stream }) };
  }
  const turn = (role: string, content: string, inline: unknown[] = []) => ({ role, parts: [{ text: content }, ...inline] });
  const inline = images.map((data) => ({ inlineData: { mimeType: 'image/png', data } }));
  return {
    systemInstruction: { parts: [{ text: system }] },
    contents: [turn('user', 'Hi'), turn('model', 'Hello! How can I help?'), turn('user', text, inline)],
    generationConfig: { temperature: 0.2, maxOutputTokens: 512 },
  };
}

/** 1.67 MB of base64, as of a picture: nothing compresses it. */
function createImage(): string {
  const data = randomBytes(1_250_000).toString('base64');
  return noncePlaceholder + data.slice(noncePlaceholder.length);
}
