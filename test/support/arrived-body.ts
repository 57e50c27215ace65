import type { ArrivedBody } from '../../src-main/store/bodies/body-unpacker.ts';
import type { BodyKind } from '../../src-main/store/codes.ts';

/** As the ledger thread has a body that was sent to it. */
export function arrivedBody(callId: number, kind: BodyKind, bytes: Buffer): ArrivedBody {
  return { callId, kind, length: bytes.length, bytes, release: () => {} };
}
