import type { CallBodies } from '../../../src-main/contract/entities.ts';

/** A body as text; null where it was not recorded, is not there yet, or is no text. */
export function readableBody(bodies: CallBodies | undefined, side: 'request' | 'response'): string | null {
  return bodies?.[`${side}Encoding`] === 'utf8' ? bodies[side] : null;
}
