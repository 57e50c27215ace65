import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './snippet.module.css';

/** A text to take elsewhere. `shown` stands for it where it holds something that is better not read over a shoulder. */
export function Snippet({ label, text, shown = text }: { label: string; text: string; shown?: string }): ReactNode {
  return (
    <div className={styles['snippet']}>
      {/* Scrolls when long: must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset or section would say more than it is */}
      <pre tabIndex={0} role="group" aria-label={label}>
        {shown}
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} isBrief />
    </div>
  );
}
