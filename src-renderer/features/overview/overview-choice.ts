import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { SpendQuery } from '../../../src-main/contract/admin-api.ts';
import { type GroupSort, parseSort } from './group-rows.ts';
import { parseRangeName, type RangeName } from './overview-range.ts';

/** What the address says: range, grouping, order and filters. */
export interface OverviewChoice {
  rangeName: RangeName;
  /** Of a custom range, "YYYY-MM-DD". */
  first: string | null;
  last: string | null;
  by: string;
  sort: GroupSort;
  filter: Pick<SpendQuery, 'model' | 'provider' | 'caller' | 'includeDemo'> & { tag?: string[] };
}

/** Parts of the address; null takes one out. */
export type ChoiceChange = Record<string, string | readonly string[] | null>;

export function useOverviewChoice(): [OverviewChoice, (change: ChoiceChange) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const choice = useMemo(() => readChoice(new URLSearchParams(text)), [text]);
  const change = (changes: ChoiceChange): void =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        next.delete(name);
        for (const item of value === null ? [] : [value].flat()) next.append(name, item);
      }
      return next;
    });
  return [choice, change];
}

function readChoice(params: URLSearchParams): OverviewChoice {
  const filter: OverviewChoice['filter'] = {};
  for (const name of ['model', 'provider', 'caller'] as const) {
    const value = params.get(name);
    if (value !== null) filter[name] = value;
  }
  const tags = params.getAll('tag');
  if (tags.length > 0) filter.tag = tags;
  if (params.get('demo') === '1') filter.includeDemo = true;
  const by = params.get('by') ?? 'model';
  return {
    rangeName: parseRangeName(params.get('range')),
    first: params.get('first'),
    last: params.get('last'),
    by: /^(model|provider|caller|tag:.{1,100})$/.test(by) ? by : 'model',
    sort: parseSort(params.get('sort')),
    filter,
  };
}

/** The filter that leaves one group of a grouping. */
export function narrow(
  by: string,
  name: string,
  tags: readonly string[] = [],
): Pick<SpendQuery, 'model' | 'provider' | 'caller'> & { tag?: string[] } {
  if (!by.startsWith('tag:')) return { [by]: name };
  return { tag: [...new Set([...tags, `${by.slice(4)}:${name}`])] };
}
