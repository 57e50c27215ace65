import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The ways a secret may be written: as it is, in a URL, in JSON, in hex, and in base64 of any alignment and alphabet. */
export function listForms(secret: string): string[] {
  const aligned = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
    // The first and last characters depend on what stands before and behind.
    return whole
      .slice(offset === 0 ? 0 : 4)
      .replace(/.?=*$/, '')
      .slice(0, -1);
  });
  const url = encodeURIComponent(secret);
  const hex = Buffer.from(secret).toString('hex');
  const base64Url = aligned.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ...new Set([secret, url, url.toLowerCase(), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase(), ...aligned, ...base64Url]),
  ];
}

/** Every file below a folder with its bytes; links are not followed. */
export function readTree(folder: string): { path: string; bytes: Buffer }[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      // 32 MB of random bytes that only take up room.
      .filter((path) => !path.endsWith('disk-reserve'))
      .map((path) => ({ path, bytes: readFileSync(path) }))
  );
}

/** Where any form of these secrets stands in a folder: "sk-ant-c… in /path". */
export function findBytes(folder: string, secrets: readonly string[]): string[] {
  const files = readTree(folder);
  return secrets.flatMap((secret) =>
    listForms(secret).flatMap((form) =>
      files.filter(({ bytes }) => bytes.includes(form)).map(({ path }) => `${secret.slice(0, 8)}… in ${path}`),
    ),
  );
}

/** What others than the owner may read, write or enter: "644 /path". The folder itself counts. */
export function listOpenFiles(folder: string): string[] {
  const paths = [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))];
  return paths.flatMap((path) => {
    const mode = lstatSync(path).mode & 0o777;
    return (mode & 0o077) === 0 ? [] : [`${mode.toString(8)} ${path}`];
  });
}
