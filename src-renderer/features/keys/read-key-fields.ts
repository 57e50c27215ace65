import { readNames } from '../../product/read-names.ts';
import type { NewCallerKey } from '../../product/use-create-key.ts';

export interface KeyFields {
  name: string;
  /** "team:ml, env:ci". */
  tags: string;
  models: string;
  providers: readonly string[];
}

export type ParsedTags = { tags: Record<string, string> } | { problem: string };

/** Tags as the header has them: key:value, divided by commas. */
export function parseTagText(text: string): ParsedTags {
  const tags: Record<string, string> = {};
  for (const part of text.split(/[,\n]/)) {
    const tag = part.trim();
    if (tag === '') continue;
    const at = tag.search(/[:=]/);
    if (at <= 0 || at === tag.length - 1) return { problem: `“${tag}” is not a tag: write key:value, such as env:ci.` };
    tags[tag.slice(0, at).trim()] = tag.slice(at + 1).trim();
  }
  return { tags };
}

export function buildKeyInput(fields: KeyFields, tags: Record<string, string>): NewCallerKey {
  const models = readNames(fields.models);
  const providers = [...fields.providers];
  return {
    name: fields.name.trim(),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(models.length + providers.length === 0 ? {} : { scope: { models, providers } }),
  };
}

/** "everything", or what the key may call. */
export function renderScope({ models, providers }: { models: readonly string[]; providers: readonly string[] }): string {
  if (models.length + providers.length === 0) return 'everything';
  const what = models.length === 0 ? 'every model' : models.join(', ');
  return providers.length === 0 ? what : `${what} at ${providers.join(', ')}`;
}
