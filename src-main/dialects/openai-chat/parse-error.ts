import type { UpstreamFault } from '../../domain/upstream-fault.ts';
import { readWaitInWords } from '../fault-signs.ts';
import { asList, asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import { classifyFault, readStatus } from './fault-kind.ts';

interface ErrorFacts {
  message: string | null;
  type: string | null;
  code: string | null;
  param: string | null;
}

const maxTextLength = 2000;

/**
 * Reads the error body of an OpenAI-compatible server in any shape seen: `{error:{…}}`, `{error:"text"}` (xAI),
 * `{object:"error",message}` (vLLM), `{detail}` (FastAPI), `{message}` (Mistral), a list of one (Google), HTML, text or
 * nothing. `body` is parsed JSON, or text where it was none.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const facts = readErrorFacts(body);
  const message = facts.message?.slice(0, maxTextLength) ?? `The provider answered HTTP ${status} without saying why.`;
  const retryAfterMs = readWaitInWords(message);
  return {
    status,
    kind: classifyFault({ status, code: facts.code, type: facts.type, message, retryAfterMs }),
    message,
    providerType: facts.type,
    providerCode: facts.code,
    param: facts.param,
    retryAfterMs,
  };
}

/** The fault that an event of a 200 stream reports; null for an ordinary chunk. */
export function readStreamFault(chunk: unknown, eventName: string | null): UpstreamFault | null {
  const wire = asObject(chunk);
  if (wire === null) return eventName === 'error' && typeof chunk === 'string' ? streamFault(chunk) : null;
  if (wire.error || wire.object === 'error' || eventName === 'error') return streamFault(wire);
  if (Array.isArray(wire.choices)) {
    const failed = wire.choices.find((choice) => asObject(choice)?.error);
    return failed === undefined ? null : streamFault(failed);
  }
  return wire.detail || typeof wire.message === 'string' ? streamFault(wire) : null;
}

/** Such a fault has no HTTP status; its code or type says which it stands for. */
function streamFault(body: unknown): UpstreamFault {
  const { code, type } = readErrorFacts(body);
  return parseError(readStatus(code) ?? readStatus(type) ?? 500, body);
}

function readErrorFacts(body: unknown): ErrorFacts {
  const wire = typeof body === 'string' ? (parseJson(body) ?? body) : body;
  if (typeof wire === 'string') return { ...noFacts, message: readPlainText(wire) };
  const outer = asObject(wire) ?? asObject(asList(wire)[0]);
  if (outer === null) return noFacts;
  const inner = asObject(outer.error);
  const facts = inner ?? outer;
  return {
    message: readMessage(facts) ?? asText(outer.error) ?? readDetail(outer.detail) ?? asText(outer.message),
    type: asText(facts.type) ?? asText(facts.status),
    code: readCode(facts.code) ?? readCode(outer.code),
    param: asText(facts.param),
  };
}

const noFacts: ErrorFacts = { message: null, type: null, code: null, param: null };

/** OpenRouter keeps the words of the provider behind it in `metadata.raw`; Mistral nests validation details. */
function readMessage(facts: JsonObject): string | null {
  const message = asText(facts.message) ?? readDetail(asObject(facts.message)?.detail);
  const raw = asText(asObject(facts.metadata)?.raw);
  if (message === null || raw === null) return message ?? raw;
  return `${message}: ${raw}`;
}

function readDetail(detail: unknown): string | null {
  if (typeof detail === 'string') return asText(detail);
  const lines = asList(detail).map((entry) => {
    const { loc, msg } = asObject(entry) ?? {};
    return `${asList(loc).join('.')}: ${asText(msg) ?? 'invalid'}`;
  });
  return lines.length > 0 ? lines.join('; ') : asText(asObject(detail)?.message);
}

function readCode(code: unknown): string | null {
  return typeof code === 'number' ? String(code) : asText(code);
}

/** A page of a proxy in between is told by its title. */
function readPlainText(text: string): string | null {
  const trimmed = text.slice(0, maxTextLength).trim();
  if (!trimmed.startsWith('<')) return asText(trimmed);
  const title = /<title[^>]*>([^<]{1,200})/i.exec(trimmed)?.[1]?.trim();
  return title === undefined ? null : `The provider answered with an HTML page: ${title}`;
}
