import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { readBridge } from '../platform/bridge.ts';
import { isTyping } from '../ui/is-typing.ts';
import { pages } from './pages.tsx';

/** "g" and a page's letter, ⌘K for the search; the tray's wish for a page. What belongs to one page listens there. */
export function Shortcuts({ onSearch }: { onSearch: () => void }): ReactNode {
  const [, navigate] = useLocation();
  const afterG = useRef(false);
  useEffect(() => readBridge()?.onNavigate(navigate), [navigate]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'k' && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        onSearch();
      }
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
      const page = afterG.current ? pages.find(({ key }) => key === event.key) : undefined;
      afterG.current = event.key === 'g';
      if (page === undefined) return;
      event.preventDefault();
      navigate(page.path);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, onSearch]);
  return null;
}
