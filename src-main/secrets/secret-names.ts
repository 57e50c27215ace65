import { redactionMask } from './redaction.ts';

const secretHeaders = new Set(['authorization', 'cookie', 'set-cookie', 'cookie2', 'x-amz-security-token']);
const secretHeaderEnding = /-(?:authorization|auth|token|secret|key|password)$/;

const secretQueryNames = new Set([
  'key',
  'api_key',
  'apikey',
  'api-key',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'secret',
  'password',
  'sig',
  'signature',
  'code',
]);

/** Whether a header's value is never stored or shown. Any case; `_` counts as `-`. */
export function isSecretHeader(name: string): boolean {
  const plain = name.toLowerCase().replaceAll('_', '-');
  return secretHeaders.has(plain) || secretHeaderEnding.test(plain);
}

/**
 * Masks the values of secret query and fragment parameters, and a user and password before the host. Works on text, for
 * paths and broken URLs too; everything else stays byte for byte.
 */
export function redactUrl(url: string): string {
  const userInfo = /^([a-z][a-z0-9+.-]{0,20}:\/\/)[^/?#@]*@/i.exec(url);
  const plain = userInfo === null ? url : `${userInfo[1]}${redactionMask}@${url.slice(userInfo[0].length)}`;
  return plain.replace(/([?&#;])([^?&#;=]*)=[^?&#;]*/g, (parameter: string, mark: string, name: string) =>
    isSecretQueryName(name) ? `${mark}${name}=${redactionMask}` : parameter,
  );
}

function isSecretQueryName(name: string): boolean {
  const plain = decodeName(name).toLowerCase();
  return secretQueryNames.has(plain) || plain.startsWith('x-amz-') || /[_-](?:token|secret|key)$/.test(plain);
}

function decodeName(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
