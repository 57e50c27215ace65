import { type ReactNode, useCallback, useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './markdown-view.module.css';

const plugins = [remarkGfm];
const webAddress = /^https?:\/\//i;

/**
 * Markdown that cannot act: its HTML is text, its pictures are not loaded, its links show where they go and open only
 * through `onOpen`. Its headings are no headings of the page.
 */
export function MarkdownView({ text, onOpen }: { text: string; onOpen: (url: string) => void }): ReactNode {
  const link = useCallback(
    ({ href = '', children }: { href?: string | undefined; children?: ReactNode }) =>
      webAddress.test(href) ? <Link href={href} label={children} onOpen={onOpen} /> : <span>{children}</span>,
    [onOpen],
  );
  const components = useMemo<Components>(() => ({ ...inert, a: link }), [link]);
  return (
    <div className={styles['markdown']}>
      <Markdown remarkPlugins={plugins} components={components} urlTransform={keepAddress}>
        {text}
      </Markdown>
    </div>
  );
}

/** Shown as text only; what may be opened is decided where it is opened. */
const keepAddress = (url: string): string => url;

function Link({ href, label, onOpen }: { href: string; label: ReactNode; onOpen: (url: string) => void }): ReactNode {
  return (
    <>
      <button type="button" className={styles['link']} onClick={() => onOpen(href)} title={href}>
        {label}
      </button>
      {label !== href && <span className={styles['address']}> ({href})</span>}
    </>
  );
}

const heading = ({ children }: { children?: ReactNode }): ReactNode => <p className={styles['heading']}>{children}</p>;

const inert: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  img: ({ alt, src }) => (
    <span className={styles['address']}>
      [picture, not loaded: {alt || 'no text'} {typeof src === 'string' ? src.slice(0, 200) : ''}]
    </span>
  ),
  input: ({ checked }) => <span>{checked ? '☑' : '☐'}</span>,
};
