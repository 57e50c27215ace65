import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Agent } from 'node:http';
import { renderIdentityProof } from '../machine/identity-proof.ts';
import { findPortOwner } from '../machine/port-owner.ts';
import { CliError } from './cli-error.ts';
import type { GatewayLocation } from './gateway-location.ts';
import { readText, send } from './loopback-http.ts';

const IDENTITY_TIMEOUT_MS = 5_000;
/** A stranger may answer anything, without end. */
const MAX_IDENTITY_CHARACTERS = 10_000;

/**
 * Asks who is there, without sending anything that a stranger could use.
 * @throws CliError when nobody answers, or somebody who does not know the admin token
 */
export async function verifyIdentity(agent: Agent, { url, adminToken, dataDir }: GatewayLocation): Promise<void> {
  const nonce = randomBytes(24).toString('base64url');
  const response = await send({ agent, url: new URL(`/identify?nonce=${nonce}`, url), timeoutMs: IDENTITY_TIMEOUT_MS });
  const { remoteAddress = '', remotePort = 0 } = response.socket;
  const expected = renderIdentityProof(adminToken, nonce, remoteAddress, remotePort);
  if (isSameProof(readProof(await readText(response, MAX_IDENTITY_CHARACTERS)), expected)) return;
  const owner = findPortOwner(remotePort);
  throw new CliError(
    `What answers at ${url.origin}${owner === null ? '' : `, ${owner},`} is not the Tollgate of ${dataDir}: it does not know its admin token, ` +
      'which was not sent. Another program has taken the port, or Tollgate runs with another data folder (see --data-dir).',
  );
}

function isSameProof(given: unknown, expected: string): boolean {
  return (
    typeof given === 'string' &&
    given.length === expected.length &&
    timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
  );
}

function readProof(text: string): unknown {
  try {
    return (JSON.parse(text) as { proof?: unknown } | null)?.proof;
  } catch {
    return undefined;
  }
}
