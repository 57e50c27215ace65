/** A request as far as the mock needs it. */
export interface MockRequest {
  method: string;
  path: string;
  /** Whether the text occurs in the first or last 64 KB of the body. */
  has(text: string): boolean;
  body(): string;
}

const KEPT_BYTES = 64 * 1024;

/** Reads HTTP/1.1 requests off a connection, both body framings; of large bodies only the ends are kept. */
export function createRequestReader(onRequest: (request: MockRequest) => void): (received: Buffer) => void {
  let carry: Buffer | null = null;
  let open: { method: string; path: string; body: BodyEnds } | null = null;
  let left = 0;
  let chunked: 'no' | 'size' | 'data' | 'data-end' | 'trailer' = 'no';

  const finish = (): void => {
    const done = open;
    open = null;
    if (done === null) return;
    const { method, path, body } = done;
    onRequest({ method, path, has: (text) => body.has(text), body: () => body.text() });
  };

  /** How many bytes were used; 0 = more are needed. */
  const step = (data: Buffer): number => {
    if (open === null) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return 0;
      const head = data.toString('latin1', 0, end);
      const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      open = { method, path, body: new BodyEnds() };
      left = Number(length ?? 0);
      chunked = length === undefined && /\r\ntransfer-encoding: *chunked/i.test(head) ? 'size' : 'no';
      if (chunked === 'no' && left === 0) finish();
      return end + 4;
    }
    if (chunked === 'size') {
      const end = data.indexOf('\r\n');
      if (end < 0) return 0;
      left = Number.parseInt(data.toString('latin1', 0, end), 16);
      chunked = left > 0 ? 'data' : 'trailer';
      return end + 2;
    }
    if (chunked === 'data-end' || chunked === 'trailer') {
      if (data.length < 2) return 0;
      if (chunked === 'trailer') finish();
      chunked = 'size';
      return 2;
    }
    const length = Math.min(left, data.length);
    open.body.push(data.subarray(0, length));
    left -= length;
    if (left === 0) {
      if (chunked === 'data') chunked = 'data-end';
      else finish();
    }
    return length;
  };

  return (received) => {
    let data = carry === null ? received : Buffer.concat([carry, received]);
    carry = null;
    while (data.length > 0) {
      const used = step(data);
      if (used === 0) {
        carry = data;
        return;
      }
      data = data.subarray(used);
    }
  };
}

class BodyEnds {
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];

  push(slice: Buffer): void {
    if (this.#headBytes < KEPT_BYTES) {
      this.#head.push(slice);
      this.#headBytes += slice.length;
      return;
    }
    this.#tail.push(slice);
    if (this.#tail.length > 4) this.#tail.shift();
  }

  has(text: string): boolean {
    if (this.#head.length > 1) this.#head = [Buffer.concat(this.#head)];
    return this.#head.some((part) => part.includes(text)) || this.#tail.some((part) => part.includes(text));
  }

  text(): string {
    return Buffer.concat(this.#head).toString();
  }
}
