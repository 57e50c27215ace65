import { isUtf8 } from 'node:buffer';
import type { CallBodies } from '../../contract/entities.ts';
import type { BlockReader } from '../blocks.ts';
import { createBodyReader } from '../bodies/read-body.ts';
import type { Sqlite } from '../database.ts';

/**
 * `CallBodies` as JSON: bodies have megabytes, and to escape them is this thread's work and not the request loop's.
 * null when there is no such call. In memory of its own, which can be given away. @throws StoreError `corrupt`
 */
export function renderBodies(db: Sqlite, readBlock: BlockReader, id: number): Uint8Array<ArrayBuffer> | null {
  if (db.prepare('SELECT 1 FROM calls WHERE id = ?').get(id) === undefined) return null;
  const { readBody } = createBodyReader(db, readBlock);
  const [request, response] = [renderBody(readBody(id, 'request')), renderBody(readBody(id, 'response'))];
  const [upstreamRequest, upstreamResponse] = [renderBody(readBody(id, 'upstreamRequest')), renderBody(readBody(id, 'upstreamResponse'))];
  const bodies: CallBodies = {
    request: request.text,
    requestEncoding: request.encoding,
    response: response.text,
    responseEncoding: response.encoding,
    upstreamRequest: upstreamRequest.text,
    upstreamRequestEncoding: upstreamRequest.encoding,
    upstreamResponse: upstreamResponse.text,
    upstreamResponseEncoding: upstreamResponse.encoding,
  };
  return new TextEncoder().encode(JSON.stringify(bodies));
}

function renderBody(bytes: Buffer | null): { text: string | null; encoding: 'utf8' | 'base64' } {
  if (bytes === null) return { text: null, encoding: 'utf8' };
  const encoding = isUtf8(bytes) ? 'utf8' : 'base64';
  return { text: bytes.toString(encoding), encoding };
}
