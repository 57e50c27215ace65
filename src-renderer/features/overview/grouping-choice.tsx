import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { tagsQuery } from '../../api/queries.ts';
import styles from './overview.module.css';

/** By what spend is divided: model, provider, caller, or one of the tag keys in use. */
export function GroupingChoice({ by, onChange }: { by: string; onChange: (by: string) => void }): ReactNode {
  const { data } = useQuery(tagsQuery);
  return (
    <label className={styles['grouping']}>
      by
      <select value={by} onChange={(event) => onChange(event.target.value)}>
        <option value="model">model</option>
        <option value="provider">provider</option>
        <option value="caller">caller</option>
        {data?.tags.map(({ key }) => (
          <option key={key} value={`tag:${key}`}>
            tag {key}
          </option>
        ))}
      </select>
    </label>
  );
}
