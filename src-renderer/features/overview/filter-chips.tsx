import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import styles from './overview.module.css';
import type { ChoiceChange, OverviewChoice } from './overview-choice.ts';
import { TagPicker } from './tag-picker.tsx';

/** What the numbers are limited to; each can be taken off. */
export function FilterChips({
  choice: { filter },
  labelOf,
  onChange,
  showsDemoHint,
}: {
  choice: OverviewChoice;
  labelOf: (by: string, name: string) => string;
  onChange: (change: ChoiceChange) => void;
  showsDemoHint: boolean;
}): ReactNode {
  const tags = filter.tag ?? [];
  const chips = [
    ...(['model', 'provider', 'caller'] as const).flatMap((name) => {
      const value = filter[name];
      return value === undefined ? [] : [{ text: `${name} ${labelOf(name, value)}`, clear: { [name]: null } }];
    }),
    ...tags.map((tag) => ({ text: tag, clear: { tag: tags.filter((other) => other !== tag) } })),
    ...(filter.includeDemo === true ? [{ text: 'with demo calls', clear: { demo: null } }] : []),
  ];
  return (
    <div className={styles['chips']}>
      <TagPicker tags={tags} onChange={(tag) => onChange({ tag })} />
      {chips.map(({ text, clear }) => (
        <button key={text} type="button" className={styles['chip']} onClick={() => onChange(clear)} aria-label={`Remove filter ${text}`}>
          {text} <Icon name="close" size={12} />
        </button>
      ))}
      {showsDemoHint && (
        <p className={styles['hint']}>
          Calls to demo models cost nothing and are left out of spend.{' '}
          <button type="button" className={styles['link']} onClick={() => onChange({ demo: '1' })}>
            Show them
          </button>
        </p>
      )}
    </div>
  );
}
