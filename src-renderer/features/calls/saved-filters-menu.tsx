import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { forgetFilter, readSavedFilters, saveFilter } from './saved-filters.ts';
import styles from './saved-filters-menu.module.css';

/** Filters with a name, kept in this browser or window; `search` is the one that is set. */
export function SavedFilters({ search }: { search: string }): ReactNode {
  const [saved, setSaved] = useState(readSavedFilters);
  const [name, setName] = useState('');
  return (
    <details className={styles['saved']}>
      <summary>Saved filters{saved.length > 0 && ` ${saved.length}`}</summary>
      <div className={styles['menu']}>
        {saved.length === 0 && <p>None yet. Set a filter, give it a name, and it waits here.</p>}
        <ul>
          {saved.map((each) => (
            <li key={each.name}>
              <Link href={`/calls?${each.search}`}>{each.name}</Link>
              <IconButton icon="trash" label={`Forget ${each.name}`} onPress={() => setSaved(forgetFilter(each.name))} />
            </li>
          ))}
        </ul>
        {search !== '' && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() === '') return;
              setSaved(saveFilter({ name: name.trim(), search }));
              setName('');
            }}
          >
            <input
              aria-label="Name for this filter"
              placeholder="Name"
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit">Save</Button>
          </form>
        )}
      </div>
    </details>
  );
}
