import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { GatewayError } from '../domain/gateway-error.ts';
import { createTurnstile } from './turnstile.ts';

/** Anthropic takes 32 MB, images in base64 add a third; twice that is a mistake. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Reads the whole body. Buffering costs less than streaming it through the HTTP client, and the model's name may stand anywhere in it.
 * @throws GatewayError payload_too_large, unsupported_media_type, invalid_request, client_closed
 */
export async function readRequestBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return collectBody(request, maxBytes);
  const createDecoder = decoders.get(encoding);
  if (createDecoder === undefined) {
    throw new GatewayError(
      'unsupported_media_type',
      `Content-Encoding "${encoding.slice(0, 40)}" is not supported. Use gzip, deflate, br, zstd or none.`,
    );
  }
  const packed = await collectBody(request, maxBytes);
  return unpacking(() => unpack(packed, createDecoder, maxBytes));
}

/** Output comes in pieces of this size, each from the thread pool: the event loop is free between them. */
const options = { chunkSize: 64 * 1024 };

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(options)],
  ['x-gzip', () => createGunzip(options)],
  ['deflate', () => createInflate(options)],
  ['br', () => createBrotliDecompress(options)],
  // Codex sends it.
  ['zstd', () => createZstdDecompress(options)],
]);

/** Two at a time bound what all of them together can take. */
const unpacking = createTurnstile(2);

/** No honest body of some size shrinks to less than this part of itself: one that seems to is measured before it is kept. */
const suspiciousRatio = 64;
const suspiciousBytes = 8 * 1024 * 1024;

/** From this size on a body whose length is known gets memory of its own, which the ledger can take over without a copy. */
const ownMemoryBytes = 64 * 1024;

function collectBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stated = Number(request.headers['content-length'] ?? 0);
    const refuse = (): void => {
      // The rest is read and thrown away, so that the caller can read our answer before the connection closes.
      request.removeAllListeners('data');
      request.resume();
      reject(tooLarge(maxBytes));
    };
    if (stated > maxBytes) return refuse();
    const whole = stated >= ownMemoryBytes ? Buffer.allocUnsafeSlow(stated) : null;
    request.on('data', (chunk: Buffer) => {
      const bytes = chunk.length;
      if (whole !== null) moveInto(whole, length, chunk);
      length += bytes;
      if (length > maxBytes) refuse();
      else if (whole === null) chunks.push(chunk);
    });
    // Node ends a request only when as much has come as was stated.
    request.on('end', () => resolve(whole ?? joinChunks(chunks, length)));
    const hungUp = (cause?: Error): void => {
      if (!request.complete) reject(new GatewayError('client_closed', 'The caller closed the connection while sending.', { cause }));
    };
    request.on('error', hungUp);
    request.on('close', () => hungUp());
  });
}

/**
 * Copies a chunk and frees it at once. Node gives every chunk of a body memory of its own; left to the garbage collector, a
 * few large requests are enough to make it go through the whole heap.
 */
function moveInto(target: Buffer, at: number, chunk: Buffer): void {
  chunk.copy(target, at);
  const memory = chunk.buffer;
  if (memory instanceof ArrayBuffer && memory.byteLength === chunk.length) memory.transfer(0);
}

/** Stops at the limit, however much more there is in it. @param isMeasured it is known to end before the limit */
function unpack(packed: Buffer, createDecoder: () => Transform, maxBytes: number, isMeasured = false): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const decoder = createDecoder();
    let chunks: Buffer[] | null = [];
    let length = 0;
    decoder.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        decoder.destroy();
        reject(tooLarge(maxBytes));
      }
      if (!isMeasured && length > suspiciousBytes && length > packed.length * suspiciousRatio) chunks = null;
      chunks?.push(chunk);
    });
    decoder.on('end', () => resolve(chunks === null ? unpack(packed, createDecoder, maxBytes, true) : joinChunks(chunks, length)));
    decoder.on('error', (cause: Error) => {
      reject(new GatewayError('invalid_request', `The body could not be decompressed: ${cause.message}`, { cause }));
    });
    decoder.end(packed);
  });
}

function joinChunks(chunks: readonly Buffer[], length: number): Buffer {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('payload_too_large', `The request body is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB.`);
}
