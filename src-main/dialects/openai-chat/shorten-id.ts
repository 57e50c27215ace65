import { createHash } from 'node:crypto';

/** An id that fits OpenAI's limit: itself, or a hash of it, so that equal ids stay equal and different ones different. */
export function shortenId(id: string, maxLength: number): string {
  return id.length <= maxLength ? id : createHash('sha256').update(id).digest('hex').slice(0, 40);
}
