import { connect } from 'node:net';

export interface RawReply {
  /** 0 when the server closed without an answer. */
  status: number;
  headers: Map<string, string>;
  body: string;
}

/**
 * One HTTP/1.1 exchange over a plain socket: headers and target go out as written, duplicates and nonsense included.
 * @param head request line and header lines; `Connection: close` is added
 */
export function sendRaw(port: number, head: readonly string[], body = ''): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  const chunks: Buffer[] = [];
  const socket = connect(port, '127.0.0.1', () => socket.write([...head, 'Connection: close', '', body].join('\r\n'), 'latin1'));
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 s')));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('close', () => resolve(parseReply(Buffer.concat(chunks).toString('latin1'))));
  socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error)));
  return promise;
}

function parseReply(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const rest = text.slice(end + 4);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers,
    body: headers.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest,
  };
}

function joinChunks(text: string): string {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    const length = Number.parseInt(text.slice(at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) return body;
    body += text.slice(lineEnd + 2, lineEnd + 2 + length);
    at = lineEnd + 2 + length + 2;
  }
}
