import { connect, type Socket } from 'node:net';

/** A reply as far as the load needs it. Times are `performance.now()`. */
export interface TimedReply {
  status: number;
  /** Status line and headers, in lower case. */
  head: string;
  sentAt: number;
  endedAt: number;
  bodyBytes: number;
}

interface OpenExchange {
  resolve(reply: TimedReply): void;
  reject(error: Error): void;
  onBody: ((slice: Buffer) => void) | null;
  timer: NodeJS.Timeout;
  state: 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close';
  /** Bytes left of the body or chunk. */
  left: number;
  closeAfter: boolean;
  reply: TimedReply;
}

const TIMEOUT_MS = 60_000;

/**
 * A keep-alive connection that runs one exchange at a time and reconnects when the server closed it. Reads HTTP/1.1 by
 * itself: some 8 µs a small exchange, so that the load is not what is measured.
 */
export class HttpConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #exchange: OpenExchange | null = null;
  #carry: Buffer | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /** @param onBody sees the decoded body as it arrives; the slices are only valid during the call */
  async send(bytes: Buffer, onBody: ((slice: Buffer) => void) | null = null): Promise<TimedReply> {
    const socket = this.#socket ?? (await this.#connect());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new Error('no complete reply in time')), TIMEOUT_MS);
      const reply = { status: 0, head: '', sentAt: performance.now(), endedAt: 0, bodyBytes: 0 };
      this.#exchange = { resolve, reject, onBody, timer, state: 'head', left: 0, closeAfter: false, reply };
      socket.write(bytes);
    });
  }

  destroy(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
      socket.once('connect', () => {
        this.#socket = socket;
        resolve(socket);
      });
      socket.on('error', (error) => {
        reject(error);
        this.#fail(error);
      });
      socket.on('close', () => {
        if (this.#socket === socket) this.#socket = null;
        if (this.#exchange?.state === 'until-close') this.#finish(this.#exchange);
        else this.#fail(new Error('connection closed'));
      });
      socket.on('data', (data) => this.#read(data));
    });
  }

  #fail(error: Error): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    this.#exchange = null;
    clearTimeout(exchange.timer);
    this.destroy();
    exchange.reject(error);
  }

  #finish(exchange: OpenExchange): void {
    this.#exchange = null;
    clearTimeout(exchange.timer);
    exchange.reply.endedAt = performance.now();
    if (exchange.closeAfter) this.destroy();
    exchange.resolve(exchange.reply);
  }

  #read(received: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    let data = this.#carry === null ? received : Buffer.concat([this.#carry, received]);
    this.#carry = null;
    while (data.length > 0) {
      const used = readStep(exchange, data);
      if (used === 'more') {
        this.#carry = data;
        return;
      }
      if (used === 'end') {
        this.#finish(exchange);
        return;
      }
      data = data.subarray(used);
    }
  }
}

/** Takes one syntactic piece off the data: how many bytes, `more` if it is not whole yet, `end` when the reply is. */
function readStep(exchange: OpenExchange, data: Buffer): number | 'more' | 'end' {
  switch (exchange.state) {
    case 'head':
      return readHead(exchange, data);
    case 'chunk-size': {
      const end = data.indexOf('\r\n');
      if (end < 0) return 'more';
      exchange.left = Number.parseInt(data.toString('latin1', 0, end), 16);
      exchange.state = exchange.left > 0 ? 'chunk' : 'trailer';
      return end + 2;
    }
    case 'chunk-end':
      if (data.length < 2) return 'more';
      exchange.state = 'chunk-size';
      return 2;
    case 'trailer':
      return data.length < 2 ? 'more' : 'end';
    default: {
      const length = exchange.state === 'until-close' ? data.length : Math.min(exchange.left, data.length);
      exchange.reply.bodyBytes += length;
      exchange.left -= length;
      exchange.onBody?.(length === data.length ? data : data.subarray(0, length));
      if (exchange.left !== 0 || exchange.state === 'until-close') return length;
      if (exchange.state === 'body') return 'end';
      exchange.state = 'chunk-end';
      return length;
    }
  }
}

function readHead(exchange: OpenExchange, data: Buffer): number | 'more' | 'end' {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return 'more';
  const head = data.toString('latin1', 0, end).toLowerCase();
  exchange.reply.head = head;
  exchange.reply.status = Number(head.slice(9, 12));
  if (exchange.reply.status === 100) return end + 4;
  exchange.closeAfter = head.includes('\r\nconnection: close');
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    exchange.left = Number(length);
    exchange.state = 'body';
    return exchange.left === 0 ? 'end' : end + 4;
  }
  exchange.state = /\r\ntransfer-encoding: *chunked/.test(head) ? 'chunk-size' : 'until-close';
  return end + 4;
}
