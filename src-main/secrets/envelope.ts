import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { VaultError } from './vault-error.ts';

/** What a ciphertext is bound to: moved under another id or kind, it does not open. */
export interface SecretName {
  readonly id: string;
  readonly kind: string;
}

const version = 1;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + ivBytes;
const algorithm = 'aes-256-gcm';

/** Length-prefixed, so that no two different names give the same bytes ("ab","c" and "a","bc"). */
function renderAad({ id, kind }: SecretName): Buffer {
  const parts = [Buffer.from([version])];
  for (const text of [id, kind]) {
    const bytes = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/**
 * AES-256-GCM under a fresh random IV. Shape: version (1 byte) ‖ IV (12) ‖ ciphertext ‖ tag (16). Random 96-bit IVs are
 * safe for far more writes under one key than a person can make (NIST SP 800-38D: 2^32).
 */
export function sealSecret(masterKey: Uint8Array, name: SecretName, plaintext: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, masterKey, iv, { authTagLength: tagBytes });
  cipher.setAAD(renderAad(name));
  return Buffer.concat([Buffer.from([version]), iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Throws `VaultError` `secret_damaged`, and never says which part was wrong. */
export function openSecret(masterKey: Uint8Array, name: SecretName, sealed: Uint8Array): string {
  if (sealed.length < headerBytes + tagBytes || sealed[0] !== version) throw new VaultError('secret_damaged');
  const decipher = createDecipheriv(algorithm, masterKey, sealed.subarray(1, headerBytes), { authTagLength: tagBytes });
  decipher.setAAD(renderAad(name));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headerBytes, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw new VaultError('secret_damaged');
  }
}

/** A value that can lie beside the ciphertexts: it recognises the key and tells nothing else about it. */
export function createKeyCheck(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', 'tollgate key check v1', 32));
}

export function matchesKeyCheck(masterKey: Uint8Array, keyCheck: Uint8Array): boolean {
  const expected = createKeyCheck(masterKey);
  return expected.length === keyCheck.length && timingSafeEqual(expected, keyCheck);
}
