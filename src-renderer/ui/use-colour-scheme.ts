import { useEffect, useState } from 'react';

/** Changes when the page turns light or dark, by the system or by choice. */
export function useColourScheme(): string {
  const [scheme, setScheme] = useState(readScheme);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const read = (): void => setScheme(readScheme());
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    media.addEventListener('change', read);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', read);
    };
  }, []);
  return scheme;
}

function readScheme(): string {
  return `${matchMedia('(prefers-color-scheme: dark)').matches} ${document.documentElement.dataset['theme'] ?? ''}`;
}
