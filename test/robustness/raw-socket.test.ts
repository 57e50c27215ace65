import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer } from '../../src-main/gateway/http-server.ts';
import { listCalls } from '../support/list-calls.ts';
import { createRandom } from '../support/random.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let port: number;
let host: string;
beforeAll(async () => {
  tollgate = await openTestGateway();
  port = Number(new URL(tollgate.url).port);
  host = `127.0.0.1:${port}`;
});
afterAll(() => tollgate.close());

/** Sends bytes as they are and keeps the connection open; gives what came back until the server closed it or had nothing more to say. */
function exchange(bytes: string | Buffer): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const received: Buffer[] = [];
  // Not `end`: a closed half is a caller that hangs up, and nothing would be answered.
  const socket = connect(port, '127.0.0.1', () => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes));
  socket.setTimeout(quietMs, () => socket.destroy());
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  // A reset by the server is a close too.
  socket.on('error', () => {});
  socket.on('close', () => resolve(Buffer.concat(received).toString('latin1')));
  return promise;
}

/** Longer than any of these answers takes. */
const quietMs = 400;

const statuses = (reply: string): number[] => [...reply.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
const isAlive = async () => (await tollgate.send('/healthz')).status === 200;
const body = '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"smuggled"}]}';
const lines = (...more: string[]) => [
  'POST /v1/chat/completions HTTP/1.1',
  `Host: ${host}`,
  `Authorization: Bearer ${tollgate.key}`,
  ...more,
];

describe('C2: what is no HTTP', () => {
  const garbage: [string, () => string][] = [
    ['nothing', () => ''],
    ['random text', () => 'hello there\r\n\r\n'],
    ['a TLS hello', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2 prior knowledge', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['NUL bytes', () => '\0'.repeat(1000)],
    ['no Host', () => 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['two Hosts', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`],
    ['a header without a colon', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nbroken\r\n\r\n`],
    ['a space before the colon', () => `GET /healthz HTTP/1.1\r\nHost : ${host}\r\n\r\n`],
    ['a folded header', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-A: b\r\n c\r\n\r\n`],
    ['a NUL in a header', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-A: b\0c\r\n\r\n`],
    ['bare line feeds', () => `GET /healthz HTTP/1.1\nHost: ${host}\n\n`],
    ['a bare carriage return', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-A: b\rX-B: c\r\n\r\n`],
    ['100 kB of one header', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['10,000 headers', () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n${'X-A: a\r\n'.repeat(10_000)}\r\n`],
    ['100 kB of path', () => `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a version from the future', () => `GET /healthz HTTP/9.9\r\nHost: ${host}\r\n\r\n`],
    ['a method nobody has', () => `BREW /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['CONNECT', () => `CONNECT example.com:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a target that is no path', () => `GET http://example.com/healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ];

  it.each(garbage)('%s: refused or closed, and the listener stays up', async (_name, render) => {
    const reply = await exchange(render());
    const [status] = statuses(reply);
    expect([undefined, 400, 403, 404, 405, 431, 505], reply.slice(0, 200)).toContain(status);
    expect(await isAlive()).toBe(true);
  });
});

describe('C2: one request is never two', () => {
  const smuggled = () =>
    `POST /v1/chat/completions HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${tollgate.key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const attempts: [string, () => string][] = [
    [
      'Content-Length and Transfer-Encoding',
      () => [...lines('Content-Length: 5', 'Transfer-Encoding: chunked'), '', `0\r\n\r\n${smuggled()}`].join('\r\n'),
    ],
    ['two Content-Lengths', () => [...lines('Content-Length: 5', `Content-Length: ${smuggled().length}`), '', smuggled()].join('\r\n')],
    [
      'Transfer-Encoding twice',
      () => [...lines('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'), '', `0\r\n\r\n${smuggled()}`].join('\r\n'),
    ],
    [
      'a Transfer-Encoding nobody has',
      () => [...lines('Transfer-Encoding: xchunked', 'Content-Length: 4'), '', `1\r\nZ\r\nQ${smuggled()}`].join('\r\n'),
    ],
    [
      'a tab in Transfer-Encoding',
      () => [...lines('Transfer-Encoding:\tchunked', 'Content-Length: 4'), '', `0\r\n\r\n${smuggled()}`].join('\r\n'),
    ],
    ['a negative Content-Length', () => [...lines('Content-Length: -1'), '', smuggled()].join('\r\n')],
    ['a Content-Length with a plus', () => [...lines('Content-Length: +5'), '', smuggled()].join('\r\n')],
    ['a bad chunk size', () => [...lines('Transfer-Encoding: chunked'), '', `0x5\r\nhello\r\n0\r\n\r\n${smuggled()}`].join('\r\n')],
    ['a chunk extension with a line feed', () => [...lines('Transfer-Encoding: chunked'), '', `0;\nX: ${smuggled()}\r\n\r\n`].join('\r\n')],
    [
      'a chunk longer than it says',
      () => [...lines('Transfer-Encoding: chunked'), '', `3\r\nhello\r\n0\r\n\r\n${smuggled()}`].join('\r\n'),
    ],
  ];

  it.each(attempts)('%s', async (_name, render) => {
    tollgate.upstream.reset();
    const reply = await exchange(render());
    expect(
      statuses(reply).filter((status) => status === 200),
      reply.slice(0, 400),
    ).toEqual([]);
    expect(tollgate.upstream.requests).toHaveLength(0);
    expect(await isAlive()).toBe(true);
  });

  it('while two good ones on one connection are two', async () => {
    tollgate.upstream.reset();
    expect(statuses(await exchange(smuggled() + smuggled()))).toEqual([200, 200]);
  });
});

it('C2: 2,000 mutated requests: never a crash, never an answer to what was not asked', async () => {
  const random = createRandom(2);
  const good = Buffer.from([...lines(`Content-Length: ${body.length}`), '', body].join('\r\n'));
  const mutate = (): Buffer => {
    const bytes = Buffer.from(good);
    for (let flips = 1 + random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  };
  const unexpected: string[] = [];
  for (let round = 0; round < 20; round++) {
    const replies = await Promise.all(Array.from({ length: 100 }, () => exchange(mutate())));
    for (const reply of replies) if (statuses(reply).some((status) => status >= 500)) unexpected.push(reply.slice(0, 300));
  }
  expect(unexpected).toEqual([]);
  expect(await isAlive()).toBe(true);
  for (const row of await listCalls(tollgate)) expect(row.status).not.toBe('started');
}, 60_000);

it('C3: connections that send their head byte by byte are closed by 15 s, and meanwhile nobody waits', async () => {
  const startedAt = performance.now();
  const slow = Array.from({ length: 50 }, () => openSlowly());
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const at = performance.now();
  expect((await tollgate.send('/v1/chat/completions', { method: 'POST', body })).status).toBe(200);
  const meanwhileMs = performance.now() - at;
  const closed = await Promise.all(slow.map(({ closed }) => closed));
  const lastMs = Math.max(...closed) - startedAt;
  console.log(
    `C3: 50 slow heads, the last closed after ${(lastMs / 1000).toFixed(1)} s; a call meanwhile took ${meanwhileMs.toFixed(0)} ms`,
  );
  expect(lastMs).toBeLessThan(15_000);
  expect(meanwhileMs).toBeLessThan(500);
}, 30_000);

it('C3: a whole request has a minute', () => {
  const server = createHttpServer(() => {}, { proxyCall: async () => {}, allowed: { hosts: new Set() }, onRefused: () => {} });
  expect(server.requestTimeout).toBe(60_000);
});

function openSlowly(): { closed: Promise<number> } {
  const text = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `;
  let at = 0;
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  const timer = setInterval(() => socket.write(text[at++] ?? 'a'), 1_000);
  return {
    closed: new Promise((resolve) => {
      socket.on('close', () => {
        clearInterval(timer);
        resolve(performance.now());
      });
    }),
  };
}
