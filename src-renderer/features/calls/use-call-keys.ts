import { type RefObject, useEffect, useRef } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { isTyping } from '../../ui/is-typing.ts';

interface CallKeys {
  rows: readonly CallSummary[];
  cursor: string | null;
  openId: string | null;
  setCursor: (id: string) => void;
  open: (id: string | null, replace?: boolean) => void;
  search: RefObject<HTMLInputElement | null>;
}

/** j and k move, enter opens, esc closes, "/" searches. */
export function useCallKeys(keys: CallKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isBusy(event.target)) return;
      if (act(latest.current, event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function act({ rows, cursor, openId, setCursor, open, search }: CallKeys, { key, target }: KeyboardEvent): boolean {
  const isInGrid = target instanceof HTMLElement && target.role === 'grid';
  const step = key === 'j' || (isInGrid && key === 'ArrowDown') ? 1 : key === 'k' || (isInGrid && key === 'ArrowUp') ? -1 : 0;
  if (step !== 0) {
    const at = rows.findIndex(({ id }) => id === cursor);
    const next = rows[at === -1 ? 0 : at + step];
    if (next === undefined) return true;
    setCursor(next.id);
    if (openId !== null) open(next.id, true);
    return true;
  }
  if (key === 'Enter' && cursor !== null && openId === null && (isInGrid || target === document.body)) open(cursor);
  else if (key === 'Escape' && openId !== null) open(null);
  else if (key === '/') search.current?.focus();
  else return false;
  return true;
}

/** The keys are another's: of a field or of a dialog over the page. */
function isBusy(target: EventTarget | null): boolean {
  return isTyping(target) || document.querySelector('dialog[open]') !== null;
}
