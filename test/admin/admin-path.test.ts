import { describe, expect, it } from 'vitest';
import { renderAdminPath } from '../../src-main/contract/admin-path.ts';

describe('the address of an endpoint', () => {
  it('has its parts filled in and its query as servers read it', () => {
    const query = { tag: ['team:ml ops', 'a&b=c'], limit: 20, search: 'é+ü', caller: undefined, status: null };
    const url = new URL(renderAdminPath('/admin/calls/:id', { id: 'a/b?c' }, query), 'http://127.0.0.1');
    expect(url.pathname).toBe('/admin/calls/a%2Fb%3Fc');
    expect([...url.searchParams]).toEqual([
      ['tag', 'team:ml ops'],
      ['tag', 'a&b=c'],
      ['limit', '20'],
      ['search', 'é+ü'],
    ]);
  });

  it('stays as it is without a query, and takes half an emoji', () => {
    expect(renderAdminPath('/admin/status')).toBe('/admin/status');
    expect(renderAdminPath('/admin/calls', {}, { search: '\uD83D' })).toBe('/admin/calls?search=%EF%BF%BD');
  });
});
