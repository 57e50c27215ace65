import { createHash, randomBytes } from 'node:crypto';
import { GatewayError } from '../domain/gateway-error.ts';

const CODE_LIFETIME_MS = 60_000;
const MAX_OPEN_CODES = 100;

/** How a browser gets in: a one-time code from the URL fragment becomes a token that lives as long as this process. */
export interface UiSessions {
  /** A new code of 160 random bits: one use, 60 s. */
  createCode(): string;
  /** @throws GatewayError unauthenticated when the code is unknown, used or too old */
  exchange(code: string): string;
  holds(token: string): boolean;
}

/** Codes and tokens are kept as hashes, in memory only. */
export function createUiSessions(clock: () => number): UiSessions {
  const codes = new Map<string, number>();
  const sessions = new Set<string>();
  return {
    createCode() {
      const [oldest] = codes.keys();
      if (codes.size >= MAX_OPEN_CODES && oldest !== undefined) codes.delete(oldest);
      const code = randomBytes(20).toString('base64url');
      codes.set(hash(code), clock() + CODE_LIFETIME_MS);
      return code;
    },
    exchange(code) {
      const id = hash(code);
      const expiresAt = codes.get(id);
      codes.delete(id);
      if (expiresAt === undefined || clock() > expiresAt) {
        throw new GatewayError(
          'unauthenticated',
          'This link was used before or is older than a minute. Run "tollgate open" for a new one.',
        );
      }
      const token = `ui_${randomBytes(32).toString('base64url')}`;
      sessions.add(hash(token));
      return token;
    },
    holds: (token) => sessions.has(hash(token)),
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
