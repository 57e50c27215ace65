import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { tagsQuery } from '../../api/queries.ts';
import styles from './overview.module.css';

/** Adds a tag to the filter: its key first, then one of the values in use. */
export function TagPicker({ tags, onChange }: { tags: readonly string[]; onChange: (tags: readonly string[]) => void }): ReactNode {
  const { data } = useQuery(tagsQuery);
  const [key, setKey] = useState('');
  const known = data?.tags ?? [];
  if (known.length === 0) return null;
  const add = (tag: string): void => {
    setKey('');
    onChange([...new Set([...tags, tag])]);
  };
  const values = known.find((tag) => tag.key === key)?.values ?? [];
  return (
    <div className={styles['grouping']}>
      <select aria-label="Filter by a tag" value={key} onChange={(event) => setKey(event.target.value)}>
        <option value="">Filter by tag…</option>
        {known.map((tag) => (
          <option key={tag.key} value={tag.key}>
            {tag.key}
          </option>
        ))}
      </select>
      {key !== '' && (
        // biome-ignore lint/a11y/noAutofocus: choosing the key asks for the value
        <select aria-label={`Value of ${key}`} value="" autoFocus onChange={(event) => add(event.target.value)}>
          <option value="" disabled>
            value…
          </option>
          <option value={key}>any value</option>
          {values.map((value) => (
            <option key={value} value={`${key}:${value}`}>
              {value}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
