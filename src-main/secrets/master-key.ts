import type { MasterKeyKind } from './sealed-secret-store.ts';

/** 256 bits, for AES-256. */
export const masterKeyBytes = 32;

/** One place that can keep the one master key. All methods reject with `VaultError`. */
export interface MasterKeyStore {
  readonly kind: MasterKeyKind;
  /** What the UI says about this place, weaknesses included. */
  readonly label: string;
  /** The 32-byte key, or null when this place works and holds none. */
  load(): Promise<Uint8Array | null>;
  /** Keeps the key durably and atomically: killed at any time, the old or the new one is there. Replaces without asking. */
  save(key: Uint8Array): Promise<void>;
  /** Removing what is not there is no error. */
  remove(): Promise<void>;
}

/** Reads a master key kept as base64 text; null when the text is anything else. */
export function readMasterKey(text: string): Uint8Array | null {
  const key = Buffer.from(text, 'base64');
  return key.length === masterKeyBytes && key.toString('base64') === text ? key : null;
}

export function renderMasterKey(key: Uint8Array): string {
  return Buffer.from(key).toString('base64');
}
