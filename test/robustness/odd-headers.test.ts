import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CallerPath, callerPaths } from '../support/caller-paths.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());

const whole =
  '{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}';
const stream =
  'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const [chat] = callerPaths as [CallerPath];

it.each([
  ['bytes beyond ASCII', 'X-Note: caf\xe9 \xff'],
  ['UTF-8', Buffer.from('X-Note: 北京').toString('latin1')],
  ['an empty value', 'X-Note:'],
  ['a tab', 'X-Note: a\tb'],
  ['the same name twice', 'X-Note: a\r\nX-Note: b'],
  ['a status text beyond ASCII', null],
  ['a length that is none', 'X-Content-Length: abc'],
  ['hop-by-hop headers', 'Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nTrailer: x\r\nUpgrade: h2c'],
])('a provider’s reply with %s arrives, streamed and not', async (_name, line) => {
  for (const streams of [false, true]) {
    const body = streams ? stream : whole;
    const statusLine = line === null ? 'HTTP/1.1 200 D\xe9licieux' : 'HTTP/1.1 200 OK';
    const head = [
      statusLine,
      `Content-Type: ${streams ? 'text/event-stream' : 'application/json'}`,
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    tollgate.upstream.enqueue({ raw: Buffer.from([...head, ...(line === null ? [] : [line]), '', body].join('\r\n'), 'latin1') });
    const request = chat.request('hi', streams);
    const reply = await tollgate.post(request.path, request.body);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).toBe(body);
    expect((await tollgate.readCall(reply)).status).toBe('ok');
  }
});

it.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nbroken\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a chunk size that is none',
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n',
  ],
  ['a megabyte of headers', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(1_000_000)}\r\n\r\n`],
  ['a status of 999', 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}'],
  ['only an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
])('J4: %s is told as the provider’s failure', async (_name, raw) => {
  for (const path of callerPaths.slice(0, 2)) {
    tollgate.upstream.enqueue({ raw });
    const request = path.request('hi', false);
    const reply = await tollgate.post(request.path, request.body);
    expect(reply.status === 999 || (reply.status >= 500 && reply.status < 600), `${reply.status} ${reply.text}`).toBe(true);
    expect(reply.text).not.toContain('Tollgate failed');
    expect(['error', 'upstream_truncated']).toContain((await tollgate.readCall(reply)).status);
  }
});

it.each([
  ['bytes beyond ASCII', 'X-Note: caf\xe9 \xff', 'caf\xe9 \xff'],
  ['UTF-8', `X-Note: ${Buffer.from('北京').toString('latin1')}`, Buffer.from('北京').toString('latin1')],
  ['a tab', 'X-Note: a\tb', 'a\tb'],
  ['an expectation', 'Expect: 100-continue\r\nX-Note: a', 'a'],
  ['names of hop-by-hop headers', 'Connection: keep-alive, x-secret\r\nX-Secret: s\r\nTE: trailers\r\nX-Note: a', 'a'],
])('a caller’s request with %s reaches the provider', async (_name, line, expected) => {
  for (const path of [chat, callerPaths[3] as CallerPath]) {
    const request = path.request('hi', false);
    const reply = await sendLines(request.path, request.body, [line]);
    expect(reply).toMatch(/^(HTTP\/1.1 100 Continue\r\n\r\n)?HTTP\/1.1 200 OK/);
    expect(tollgate.upstream.last().header('x-note')).toBe(expected);
    expect(tollgate.upstream.last().header('x-secret')).toBeNull();
    expect(tollgate.upstream.last().header('expect')).toBeNull();
  }
});

it.each(['?a=caf\xe9', '?a=%00%ff', '?a=b c', '?a=<>"{}|^`', '?a#b', '??', '?key='])(
  'a query of %j never ends in a failure of ours',
  async (query) => {
    for (const path of callerPaths) {
      const request = path.request('hi', false);
      const reply = await sendLines(request.path + query, request.body, []);
      expect(Number(/HTTP\/1.1 (\d{3})/.exec(reply)?.[1] ?? 0), reply.slice(0, 400)).toBeLessThan(500);
    }
  },
);

/** A request whose head goes out byte for byte. */
function sendLines(path: string, body: object, lines: readonly string[]): Promise<string> {
  const text = JSON.stringify(body);
  const url = new URL(tollgate.url);
  const head = [`POST ${path} HTTP/1.1`, `Host: ${url.host}`, `Authorization: Bearer ${tollgate.key}`, 'Content-Type: application/json'];
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(url.port), '127.0.0.1', () =>
    socket.write([...head, `Content-Length: ${text.length}`, ...lines, '', text].join('\r\n'), 'latin1'),
  );
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    // Every answer here is small and comes with its length.
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? Number.NaN);
    const start = received.indexOf('\r\n\r\n', received.startsWith('HTTP/1.1 100') ? 25 : 0) + 4;
    if (start > 4 && received.length - start >= length) socket.destroy();
  });
  socket.on('close', () => resolve(received));
  return promise;
}
