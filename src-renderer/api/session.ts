import { readBridge } from '../platform/bridge.ts';

/** In this tab only, and gone with it: the token never lies on disk and no other page can read it. */
const storageKey = 'tollgate-token';

/** Nobody is signed in here: the page says how to get in. */
export class SignedOutError extends Error {
  override name = 'SignedOutError';
}

let opening: Promise<string> | null = null;

/** The token for the admin API. @throws SignedOutError */
export function readToken(): Promise<string> {
  const stored = sessionStorage.getItem(storageKey);
  if (stored !== null) return Promise.resolve(stored);
  opening ??= openSession().finally(() => {
    opening = null;
  });
  return opening;
}

/** The gateway does not know this token any more (it was started again). */
export function forgetToken(): void {
  sessionStorage.removeItem(storageKey);
}

async function openSession(): Promise<string> {
  const code = takeCode() ?? (await readBridge()?.createUiCode()) ?? null;
  if (code === null) throw new SignedOutError('This page has no session.');
  const reply = await fetch('/admin/ui-session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!reply.ok) throw new SignedOutError('The link was used before or is too old.');
  const { token } = (await reply.json()) as { token: string };
  sessionStorage.setItem(storageKey, token);
  return token;
}

/** The one-time code of the address, removed from it at once so that it stays in no history. */
function takeCode(): string | null {
  const code = /^#code=(.+)$/.exec(location.hash)?.[1] ?? null;
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}
