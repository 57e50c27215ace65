import type { AdminApi, AdminInput, AdminReply } from '../contract/admin-api.ts';

/** A reply that is JSON already, in UTF-8: it is sent as it is, with all its fields. */
export class RenderedReply {
  readonly json: Buffer;

  constructor(json: Uint8Array<ArrayBuffer>) {
    this.json = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  }
}

/** Bodies are megabytes; every other reply is reduced to what its schema names. */
type RenderedEndpoint = 'readCallBodies';

/** One function per endpoint; a missing or wrong one is a type error. */
export type AdminHandlers = {
  [K in keyof AdminApi]: (input: AdminInput<AdminApi[K]>) => Promise<K extends RenderedEndpoint ? RenderedReply : AdminReply<AdminApi[K]>>;
};
