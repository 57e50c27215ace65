import { createHmac } from 'node:crypto';

/** Names accepted as a nonce: at least 96 bits when base64url. */
export const identityNoncePattern = '^[A-Za-z0-9_-]{16,128}$';

/**
 * Proof that the program behind a socket holds the admin token, for clients that are about to send it. The proof covers
 * the socket's address as well: a fake gateway on our port cannot pass the question on to the real one elsewhere.
 * @param address the server's end of the socket, e.g. "127.0.0.1"
 */
export function renderIdentityProof(adminToken: string, nonce: string, address: string, port: number): string {
  const key = createHmac('sha256', adminToken).update('tollgate identity v1').digest();
  const plainAddress = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return createHmac('sha256', key).update(`${nonce}\n${plainAddress}\n${port}`).digest('hex');
}
