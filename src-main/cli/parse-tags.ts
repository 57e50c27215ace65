import { InvalidArgumentError } from 'commander';

/** `--tag team:ml-ops`, repeatable, into one object. */
export function collectTags(text: string, tags: Record<string, string> = {}): Record<string, string> {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new InvalidArgumentError('Write a tag as key:value, for instance team:ml-ops.');
  return { ...tags, [text.slice(0, colon).trim().toLowerCase()]: text.slice(colon + 1).trim() };
}

/** `--model a --model b` into a list. */
export function collectTexts(text: string, texts: string[] = []): string[] {
  return [...texts, text];
}
