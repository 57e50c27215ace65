import type { IncomingMessage } from 'node:http';
import { type AdminApi, type AdminEndpoint, type AdminInput, type AdminReply, adminApi } from '../contract/admin-api.ts';
import type { AdminEvent } from '../contract/admin-events.ts';
import { renderAdminPath } from '../contract/admin-path.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import { CliError } from './cli-error.ts';
import type { GatewayLocation } from './gateway-location.ts';
import { createAgent, isConnectionError, readText, send } from './loopback-http.ts';
import { verifyIdentity } from './verify-identity.ts';

/** Only the parts of the input that the endpoint has. */
type CallInput<E extends AdminEndpoint> = {
  [P in keyof AdminInput<E> as AdminInput<E>[P] extends undefined ? never : P]: AdminInput<E>[P];
};

export interface AdminClient {
  readonly url: URL;
  /** @throws CliError with the gateway's own message when it refuses */
  call<K extends keyof AdminApi>(name: K, input: CallInput<AdminApi[K]>): Promise<AdminReply<AdminApi[K]>>;
  /** Live events until the gateway or `signal` ends them. `onOpen` runs once they flow. */
  follow(onEvent: (event: AdminEvent) => void, onOpen: () => void, signal: AbortSignal): Promise<void>;
}

/**
 * A client that has checked whom it talks to: the admin token is sent only over a connection whose other end has proved
 * that it knows it.
 * @throws CliError when nothing answers, or something else does
 */
export async function openAdminClient(location: GatewayLocation): Promise<AdminClient> {
  const { url, adminToken } = location;
  const agent = createAgent();
  await verifyIdentity(agent, location);
  const headers = { authorization: `Bearer ${adminToken}` };

  return {
    url,
    async call(name, input) {
      const endpoint: AdminEndpoint = adminApi[name];
      const { params, query, body } = input as { params?: Record<string, string>; query?: object; body?: unknown };
      const target = new URL(renderAdminPath(endpoint.path, params, query), url);
      const response = await send({ agent, url: target, method: endpoint.method, headers, body });
      const reply = await readText(response);
      if (response.statusCode !== 200) throw new CliError(readErrorMessage(reply, response.statusCode));
      return JSON.parse(reply);
    },
    async follow(onEvent, onOpen, signal) {
      // A stream would hold the agent's one connection: it gets its own, verified in the same way.
      const streamAgent = createAgent();
      await verifyIdentity(streamAgent, location);
      const response = await send({ agent: streamAgent, url: new URL('/admin/events', url), headers, signal });
      if (response.statusCode !== 200) throw new CliError(readErrorMessage(await readText(response), response.statusCode));
      response.socket.setTimeout(0);
      onOpen();
      try {
        for await (const data of readEventData(response)) onEvent(JSON.parse(data));
      } catch (error) {
        if (!isConnectionError(error) && !signal.aborted) throw error;
      }
      if (!signal.aborted) throw new CliError('Tollgate has stopped.');
    },
  };
}

/** The `data:` lines; the gateway writes each event's JSON on one. */
async function* readEventData(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith(DATA)) yield line.slice(DATA.length);
  }
}

const DATA = 'data: ';

/** What this program has to offer where the gateway refuses. */
const remedies: Partial<Record<string, string>> = {
  provider_test_failed: ' To save it all the same, skip the test (--no-test).',
} satisfies Partial<Record<ErrorCode, string>>;

function readErrorMessage(reply: string, status: number | undefined): string {
  try {
    const { error } = JSON.parse(reply) as { error: { code: string; message: string } };
    return `${error.message}${remedies[error.code] ?? ''} (${error.code})`;
  } catch {
    return `Tollgate answered with status ${status} and no explanation.`;
  }
}
