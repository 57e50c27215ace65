import { type AdminApi, type AdminEndpoint, type AdminInput, type AdminReply, adminApi } from '../../src-main/contract/admin-api.ts';
import { renderAdminPath } from '../../src-main/contract/admin-path.ts';
import { forgetToken, readToken } from './session.ts';

/** An error of the admin API, in words a user can act on. */
export class AdminError extends Error {
  override name = 'AdminError';
  readonly status: number;
  readonly code: string;
  readonly param: string | null;

  constructor(status: number, code: string, message: string, param: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** The gateway did not answer at all: it is starting, restarting or gone. */
export class OfflineError extends Error {
  override name = 'OfflineError';
}

/** Only what an endpoint has; all else is left out. */
export type CallInput<K extends keyof AdminApi> = {
  [P in keyof AdminInput<AdminApi[K]> as AdminInput<AdminApi[K]>[P] extends undefined ? never : P]: AdminInput<AdminApi[K]>[P];
};

/**
 * Calls one endpoint. A session that the gateway has forgotten is renewed once.
 * @throws AdminError | OfflineError | SignedOutError
 */
export async function callAdmin<K extends keyof AdminApi>(
  name: K,
  input?: CallInput<K>,
  signal?: AbortSignal,
): Promise<AdminReply<AdminApi[K]>> {
  const reply = await send(adminApi[name], input as LooseInput | undefined, signal);
  if (reply.status !== 401) return readReply(reply);
  forgetToken();
  return readReply(await send(adminApi[name], input as LooseInput | undefined, signal));
}

interface LooseInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

async function send(endpoint: AdminEndpoint, input: LooseInput = {}, signal?: AbortSignal): Promise<Response> {
  const token = await readToken();
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(renderAdminPath(endpoint.path, input.params, input.query), {
      method: endpoint.method,
      headers,
      body: input.body === undefined ? null : JSON.stringify(input.body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new OfflineError('The gateway does not answer.', { cause });
  }
}

async function readReply<T>(reply: Response): Promise<T> {
  if (reply.ok) return (await reply.json()) as T;
  const body = (await reply.json().catch(() => null)) as { error?: { code?: string; message?: string; param?: string | null } } | null;
  const { code = 'internal', message = `The gateway answered ${reply.status}.`, param = null } = body?.error ?? {};
  throw new AdminError(reply.status, code, message, param);
}
