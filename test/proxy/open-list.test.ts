import { describe, expect, it } from 'vitest';
import { OpenList } from '../../src-main/proxy/open-list.ts';

function fill(...items: string[]): OpenList<string> {
  const list = new OpenList<string>();
  for (const item of items) list.add(item);
  return list;
}

describe('OpenList', () => {
  it('holds what was added and not taken out', () => {
    const list = fill('a', 'b', 'c', 'd');
    list.delete('b');
    list.delete('d');
    expect([...list].sort()).toEqual(['a', 'c']);
  });

  it('ignores what is not in it', () => {
    const list = fill('a');
    list.delete('b');
    list.delete('a');
    list.delete('a');
    expect([...list]).toEqual([]);
  });

  it('gives every item once, also when each is taken out as it comes', () => {
    const list = fill('a', 'b', 'c');
    const seen: string[] = [];
    for (const item of list) {
      seen.push(item);
      list.delete(item);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect([...list]).toEqual([]);
  });
});
