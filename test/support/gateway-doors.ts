import { connect } from 'node:net';
import { createAdminServer } from '../../src-main/admin/create-admin-server.ts';
import { listDataRoutes } from '../../src-main/proxy/data-routes.ts';
import { createFakeServices } from './admin-fakes.ts';
import { listRoutesOf } from './admin-listener.ts';
import { type HostRow, hostTable, type OriginRow, originTable } from './boundary-tables.ts';

/** One route of the gateway and what opens it. */
export interface Door {
  method: string;
  path: string;
  opens: 'caller-key' | 'admin-token' | 'nothing';
}

/** A running gateway as these tables see it. */
export interface GuardedPort {
  port: number;
  adminToken: string;
  callerKey: string;
}

/** Every route of both planes: the data routes under each prefix callers use, the admin routes as the server declares them. */
export function listDoors(): Door[] {
  const data = listDataRoutes().flatMap(({ method, path }) =>
    ['', '/api/ai', '/t/team:a', '/t/team:a/api/ai', '/v1'].map((prefix) => ({ method, path: prefix + path })),
  );
  const { routes } = listRoutesOf(() => createAdminServer(createFakeServices(), { adminToken: 'x', uiDir: null }));
  const probes = ['/', '/api/hello', '/v1', '/v1/'].map((path) => ({ method: 'HEAD', path }));
  return [
    ...data.map((route) => ({ ...route, opens: 'caller-key' as const })),
    ...routes.map(({ method, path, guard }) => ({
      method,
      path: path.replace(':id', 'x').replace('*', ''),
      opens: guard === 'admin' ? ('admin-token' as const) : ('nothing' as const),
    })),
    ...probes.map((route) => ({ ...route, opens: 'nothing' as const })),
  ];
}

export interface Attack {
  name: string;
  expected: 401 | 403;
  /** Default: our own. */
  host?: string;
  headers?: readonly string[];
  /** What is sent as Bearer token: the key that opens the route, the one of the other plane, something else, or nothing. */
  key: 'right' | 'other-plane' | 'wrong' | 'none';
}

export const attacks: readonly Attack[] = [
  { name: 'no token', key: 'none', expected: 401 },
  { name: 'wrong token', key: 'wrong', expected: 401 },
  { name: 'token of the other plane', key: 'other-plane', expected: 401 },
  { name: 'evil Host', key: 'right', host: 'evil.example', expected: 403 },
  { name: 'evil Origin', key: 'right', headers: ['Origin: http://evil.example'], expected: 403 },
  { name: 'Origin null', key: 'right', headers: ['Origin: null'], expected: 403 },
  { name: 'cross-site', key: 'right', headers: ['Sec-Fetch-Site: cross-site'], expected: 403 },
  { name: 'same-site', key: 'right', headers: ['Sec-Fetch-Site: same-site'], expected: 403 },
];

/** How many rows the table has for these doors; a table of nothing holds everywhere. */
export function listAttempts(doors: readonly Door[], expected?: 401 | 403): { door: Door; attack: Attack }[] {
  return doors.flatMap((door) =>
    attacks
      .filter((attack) => (attack.expected === 403 || door.opens !== 'nothing') && (expected === undefined || attack.expected === expected))
      .map((attack) => ({ door, attack })),
  );
}

/** The rows that do not end as they must: "POST /v1/messages, evil Host: 200". */
export function listOpenDoors(gateway: GuardedPort, attempts: readonly { door: Door; attack: Attack }[]): Promise<string[]> {
  return collect(attempts, async ({ door, attack }) => {
    const token = readToken(gateway, door, attack.key);
    const status = await readStatus(gateway.port, [
      `${door.method} ${door.path} HTTP/1.1`,
      `Host: ${attack.host ?? `127.0.0.1:${gateway.port}`}`,
      ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
      ...(attack.headers ?? []),
    ]);
    return status === attack.expected ? null : `${door.method} ${door.path}, ${attack.name}: ${status}`;
  });
}

/** One request of each kind that a valid key does answer with 200. */
const samples: readonly { request: string; body?: string; opens: Door['opens'] }[] = [
  { request: 'POST /v1/chat/completions', body: '{"model":"demo/echo","messages":[{"role":"user","content":"x"}]}', opens: 'caller-key' },
  { request: 'GET /v1/models', opens: 'caller-key' },
  { request: 'GET /admin/status', opens: 'admin-token' },
  { request: 'GET /healthz', opens: 'nothing' },
  { request: 'HEAD /', opens: 'nothing' },
];

/** Rows of the Host and Origin tables that let the wrong ones in or keep the right ones out. */
export function listBoundaryFailures(
  gateway: GuardedPort,
  rows: readonly (HostRow | OriginRow)[] = [...hostTable, ...originTable],
): Promise<string[]> {
  const attempts = samples.flatMap((sample) => rows.map((row) => ({ sample, row })));
  return collect(attempts, async ({ sample, row }) => {
    const own = `127.0.0.1:${gateway.port}`;
    const hosts = 'hosts' in row ? row.hosts(gateway.port) : [own];
    const token = readToken(gateway, sample, 'right');
    const status = await readStatus(
      gateway.port,
      [
        `${sample.request} HTTP/1.1`,
        ...hosts.map((host) => `Host: ${host}`),
        ...('headers' in row ? row.headers(gateway.port) : []),
        ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
        ...(sample.body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${sample.body.length}`]),
      ],
      sample.body,
    );
    // Node's own parser refuses a missing Host with 400 before us.
    const holds = row.enters ? status === 200 : status === 403 || status === 400;
    return holds ? null : `${sample.request}, ${row.name}: ${status}`;
  });
}

function readToken(gateway: GuardedPort, door: Pick<Door, 'opens'>, which: Attack['key']): string | null {
  if (which === 'wrong') return 'tk_wrong_0123456789abcdefghijklmnopqrstuv';
  if (which === 'none' || door.opens === 'nothing') return null;
  return (door.opens === 'caller-key') === (which === 'right') ? gateway.callerKey : gateway.adminToken;
}

/** Sixteen at a time. */
async function collect<T>(list: readonly T[], check: (one: T) => Promise<string | null>): Promise<string[]> {
  const waiting = list.values();
  const problems: string[] = [];
  const work = async (): Promise<void> => {
    for (const one of waiting) {
      const problem = await check(one);
      if (problem !== null) problems.push(problem);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return problems.sort();
}

/** The status line alone, so that streams need not end. 0 = closed without an answer. */
function readStatus(port: number, head: readonly string[], body = ''): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let text = '';
  const socket = connect(port, '127.0.0.1', () => socket.write([...head, 'Connection: close', '', body].join('\r\n'), 'latin1'));
  socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer in 10 s to ${head[0]}`)));
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
    if (status === undefined) return;
    resolve(Number(status));
    socket.destroy();
  });
  socket.on('close', () => resolve(0));
  socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(0) : reject(error)));
  return promise;
}
