import type { Provider, SpendReport } from '../../../src-main/contract/entities.ts';
import { listTagPairs } from '../../product/list-tag-pairs.ts';

/** Where a choice leads. */
export interface Destination {
  name: string;
  /** Address inside the window. */
  path: string;
}

const MAX_TAGS = 1_000;

export const settingsSections: readonly Destination[] = [
  { name: 'What is recorded', path: '/settings#recording' },
  { name: 'Daily budget', path: '/settings#budget' },
  { name: 'How long it is kept', path: '/settings#retention' },
  { name: 'Your own prices', path: '/settings#prices' },
  { name: 'Where keys are kept', path: '/settings#vault' },
  { name: 'Strict translation', path: '/settings#translation' },
  { name: 'Light and dark', path: '/settings#theme' },
  { name: 'Address, data folder, version', path: '/settings#about' },
];

/** Those that were called, then those that could be. */
export function listModels(
  used: Pick<SpendReport, 'groups'> | undefined,
  providers: { items: readonly Provider[] } | undefined,
): Destination[] {
  const called = (used?.groups ?? []).flatMap(({ key }) => key ?? []);
  const offered = (providers?.items ?? []).flatMap(({ models }) => models);
  return [...new Set([...called, ...offered])].map((name) => ({ name, path: `/calls?model=${encodeURIComponent(name)}` }));
}

export function listTags(tags: { tags: readonly { key: string; values: readonly string[] }[] } | undefined): Destination[] {
  return listTagPairs(tags?.tags, MAX_TAGS).map((name) => ({ name, path: `/calls?tag=${encodeURIComponent(name)}` }));
}
