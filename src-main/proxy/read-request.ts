import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { GatewayError } from '../domain/gateway-error.ts';

/** Anthropic takes 32 MB, images in base64 add a third; twice that is a mistake. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Reads the whole body. Buffering costs less than streaming it through the HTTP client, and the model's name may stand anywhere in it.
 * Compressed bodies (Codex sends zstd) are unpacked as they arrive, so that a bomb stops at the limit.
 * @throws GatewayError payload_too_large, unsupported_media_type, invalid_request
 */
export function readRequestBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    request.resume();
    return Promise.reject(tooLarge(maxBytes));
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  return encoding === 'identity' || encoding === ''
    ? collect(request, request, maxBytes)
    : collect(unpack(request, encoding), request, maxBytes);
}

function unpack(request: IncomingMessage, encoding: string): NodeJS.ReadableStream & { destroy(): void } {
  const decoders = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  };
  const create = decoders[encoding as keyof typeof decoders];
  if (create === undefined) {
    throw new GatewayError(
      'unsupported_media_type',
      `Content-Encoding "${encoding.slice(0, 40)}" is not supported. Use gzip, deflate, br, zstd or none.`,
    );
  }
  const decoder = create();
  request.on('error', () => decoder.destroy());
  request.pipe(decoder);
  return decoder;
}

function collect(stream: NodeJS.ReadableStream & { destroy(): void }, request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (error: GatewayError): void => {
      if (stream !== request) {
        request.unpipe();
        stream.destroy();
      }
      // The rest is read and thrown away, so that the caller can read our answer before the connection closes.
      stream.removeAllListeners('data');
      request.resume();
      reject(error);
    };
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) fail(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    stream.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length)));
    stream.on('error', (cause: Error) => {
      if (stream === request) reject(new GatewayError('client_closed', 'The caller closed the connection while sending.', { cause }));
      else fail(new GatewayError('invalid_request', `The body could not be decompressed: ${cause.message}`, { cause }));
    });
    request.on('close', () => {
      if (!request.complete) reject(new GatewayError('client_closed', 'The caller closed the connection while sending.'));
    });
  });
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('payload_too_large', `The request body is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB.`);
}
