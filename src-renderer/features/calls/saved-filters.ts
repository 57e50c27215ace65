export interface SavedFilter {
  name: string;
  /** The query part of the address. */
  search: string;
}

const storageKey = 'tollgate-saved-filters';

export function readSavedFilters(): SavedFilter[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isSavedFilter) : [];
  } catch {
    return [];
  }
}

/** One name is one filter: saving it again replaces it. Gives all of them. */
export function saveFilter(saved: SavedFilter): SavedFilter[] {
  return write([...readSavedFilters().filter(({ name }) => name !== saved.name), saved]);
}

export function forgetFilter(name: string): SavedFilter[] {
  return write(readSavedFilters().filter((saved) => saved.name !== name));
}

function write(filters: SavedFilter[]): SavedFilter[] {
  localStorage.setItem(storageKey, JSON.stringify(filters));
  return filters;
}

function isSavedFilter(value: unknown): value is SavedFilter {
  if (typeof value !== 'object' || value === null) return false;
  const { name, search } = value as Partial<SavedFilter>;
  return typeof name === 'string' && typeof search === 'string';
}
