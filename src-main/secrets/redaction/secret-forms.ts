/** Shorter values ("ollama", "EMPTY") are placeholders of local servers, and masking them would mask ordinary words. */
const minSecretLength = 8;

/**
 * The texts under which a secret may appear: as it is, inside JSON, in a URL, and in base64. Base64 of a longer text that
 * contains the secret (`user:secret`) has three alignments; of each, the characters that depend on the secret alone.
 */
export function listSecretForms(secret: string): string[] {
  if (secret.length < minSecretLength) return [];
  const escaped = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret.toWellFormed());
  const lowerHexUrl = url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].map((offset) => readAlignedBase64(bytes, offset));
  const base64Url = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, escaped, url, lowerHexUrl, ...base64, ...base64Url])];
}

function readAlignedBase64(bytes: Buffer, offset: number): string {
  const bits = (offset + bytes.length) * 8;
  const firstWhole = Math.ceil((offset * 8) / 6);
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(firstWhole, Math.floor(bits / 6));
}
