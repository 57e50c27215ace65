import type { DialectId } from '../../src-main/dialects/dialect.ts';
import { answerByDefault } from './fake-upstream/default-answers.ts';
import type { RecordedRequest, ScriptedReply } from './fake-upstream.ts';

/** One way in which a provider fails. */
export interface Fault {
  readonly name: string;
  /** The provider's status; 200 where the fault comes later, null where no answer comes. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  answer(request: RecordedRequest, dialect: DialectId): ScriptedReply;
}

const types: Readonly<Record<number, readonly [openai: string, anthropic: string, google: string]>> = {
  400: ['invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'],
  401: ['authentication_error', 'authentication_error', 'UNAUTHENTICATED'],
  402: ['insufficient_quota', 'billing_error', 'FAILED_PRECONDITION'],
  404: ['not_found_error', 'not_found_error', 'NOT_FOUND'],
  413: ['invalid_request_error', 'request_too_large', 'INVALID_ARGUMENT'],
  429: ['rate_limit_error', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  500: ['server_error', 'api_error', 'INTERNAL'],
  503: ['server_error', 'api_error', 'UNAVAILABLE'],
  529: ['overloaded_error', 'overloaded_error', 'UNAVAILABLE'],
};

/** An error as the provider itself writes it. */
export function renderProviderError(dialect: DialectId, status: number, message: string): object {
  const [openai, anthropic, google] = types[status] ?? types[500] ?? ['', '', ''];
  if (dialect === 'anthropic-messages') return { type: 'error', error: { type: anthropic, message }, request_id: 'req_fake' };
  if (dialect === 'gemini-generate') return { error: { code: status, message, status: google } };
  return { error: { message, type: openai, param: null, code: null } };
}

const waits: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'retry-after seconds': { 'retry-after': '7' },
  'retry-after date': { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
  'retry-after-ms': { 'retry-after-ms': '40' },
};

/** Every status × form of body; 429 with each way to state a wait. */
export const statusFaults: readonly Fault[] = [400, 401, 402, 404, 413, 500, 503, 529]
  .flatMap((status) => bodiesOf(status, String(status), {}))
  .concat(Object.entries(waits).flatMap(([name, headers]) => bodiesOf(429, `429 ${name}`, headers)));

function bodiesOf(status: number, name: string, headers: Readonly<Record<string, string>>): Fault[] {
  const html = `<!doctype html><html><head><title>${status} Bad day</title></head><body>nginx</body></html>`;
  const fault = (form: string, more: Readonly<Record<string, string>>, body: (dialect: DialectId) => object | string): Fault => ({
    name: `${name}, ${form}`,
    status,
    headers,
    answer: (_request, dialect) => ({ status, headers: { ...headers, ...more }, body: body(dialect) }),
  });
  return [
    fault('json', {}, (dialect) => renderProviderError(dialect, status, `It is ${status}.`)),
    fault('html', { 'content-type': 'text/html' }, () => html),
    fault('empty', {}, () => ''),
  ];
}

/** The good answer to a request, cut or spoilt. */
function spoil(name: string, change: (good: ScriptedReply, dialect: DialectId) => ScriptedReply): Fault {
  return { name, status: 200, headers: {}, answer: (request, dialect) => change(answerByDefault(request), dialect) };
}

export const silentFault: Fault = { name: 'reset before headers', status: null, headers: {}, answer: () => ({ silent: 'reset' }) };

/** An answer that breaks off after its beginning, in text; `half` also cuts the last event in the middle. */
const cut = (good: ScriptedReply, half: boolean): (string | Buffer)[] => {
  const kept = good.chunks?.slice(0, Math.min(5, good.chunks.length - 2)) ?? [];
  return half ? [...kept.slice(0, -1), Buffer.from(kept.at(-1) ?? '').subarray(0, 20)] : kept;
};

export const brokenStreams: readonly Fault[] = [
  spoil('reset between events', (good) => ({ ...good, chunks: cut(good, false), ending: 'reset' })),
  spoil('reset inside an event', (good) => ({ ...good, chunks: cut(good, true), ending: 'reset' })),
  spoil('connection ends inside the body', (good) => ({ ...good, chunks: cut(good, false), ending: 'truncate' })),
  spoil('a proper end without a terminator', (good) => ({ ...good, chunks: cut(good, false), ending: 'end' })),
  spoil('a proper end inside an event', (good) => ({ ...good, chunks: cut(good, true), ending: 'end' })),
];

/** The provider says inside a 200 that it failed: after some text, and as the very first event. */
export const errorEvents: readonly Fault[] = [
  spoil('error event after text', (good, dialect) => ({ ...good, chunks: [...cut(good, false), renderErrorEvent(dialect)] })),
  spoil('error event at once', (good, dialect) => ({ ...good, chunks: [renderErrorEvent(dialect)] })),
];

export const brokenBodies: readonly Fault[] = [
  spoil('reset inside the body', (good) => ({ ...good, ending: 'reset' })),
  spoil('body shorter than announced', (good) => ({ ...good, ending: 'truncate' })),
];

function renderErrorEvent(dialect: DialectId): string {
  const name = dialect === 'anthropic-messages' ? 'event: error\n' : '';
  return `${name}data: ${JSON.stringify(renderProviderError(dialect, dialect === 'anthropic-messages' ? 529 : 503, 'Overloaded.'))}\n\n`;
}
