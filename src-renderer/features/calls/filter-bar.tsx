import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { callerKeysQuery, providersQuery, tagsQuery, usedModelsQuery } from '../../api/queries.ts';
import { listTagPairs } from '../../product/list-tag-pairs.ts';
import { statusWords } from '../../product/status-words.ts';
import { Icon } from '../../ui/icon.tsx';
import { type CallFilter, withParam, withTag } from './call-filter.ts';
import styles from './filter-bar.module.css';
import { TimeChoice } from './time-choice.tsx';

export interface FilterBarProps {
  filter: CallFilter;
  params: URLSearchParams;
  onChange: (next: URLSearchParams) => void;
  search: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ filter, params, onChange, search }: FilterBarProps): ReactNode {
  const { data: providers } = useQuery(providersQuery);
  const { data: keys } = useQuery(callerKeysQuery);
  const { data: tags } = useQuery(tagsQuery);
  const { data: models } = useQuery(usedModelsQuery);
  const set = (name: string) => (value: string) => onChange(withParam(params, name, value));
  const providerOptions = (providers?.items ?? []).map(({ id }) => [id, id] as const);
  const modelOptions = (models?.groups ?? []).flatMap(({ key }) => (key === null ? [] : [[key, key] as const]));
  const tagOptions = listTagPairs(tags?.tags, 500);
  return (
    <search className={styles['bar']} aria-label="Filter calls">
      <SearchBox value={filter.search ?? ''} onChange={set('search')} box={search} />
      <Choice label="State" all="All states" value={filter.status} options={Object.entries(statusWords)} onChange={set('status')} />
      <Choice label="Provider" all="All providers" value={filter.provider} options={providerOptions} onChange={set('provider')} />
      <Choice label="Model" all="All models" value={filter.model} options={modelOptions} onChange={set('model')} />
      <Choice
        label="Caller"
        all="All callers"
        value={filter.caller}
        options={(keys?.items ?? []).map(({ id, name }) => [id, name] as const)}
        onChange={set('caller')}
      />
      {tagOptions.length > 0 && (
        <Choice
          label="Tag"
          all="Tag…"
          value={null}
          options={tagOptions.map((tag) => [tag, tag] as const)}
          onChange={(tag) => tag !== '' && onChange(withTag(params, tag, true))}
        />
      )}
      <TimeChoice filter={filter} params={params} onChange={onChange} />
      {filter.errorCode !== null && <Chip label={`error ${filter.errorCode}`} onRemove={() => set('errorCode')('')} />}
      {filter.httpStatus !== null && <Chip label={`HTTP ${filter.httpStatus}`} onRemove={() => set('httpStatus')('')} />}
      {filter.conversation !== null && <Chip label="one conversation" onRemove={() => set('conversation')('')} />}
      {filter.tags.map((tag) => (
        <Chip key={tag} label={tag} onRemove={() => onChange(withTag(params, tag, false))} />
      ))}
    </search>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | null;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

/** What the address asks for is offered even when nobody else knows it. */
function Choice({ label, all, value, options, onChange }: ChoiceProps): ReactNode {
  const shown = value === null || options.some(([known]) => known === value) ? options : [...options, [value, value] as const];
  return (
    <select aria-label={label} data-on={value !== null || undefined} value={value ?? ''} onChange={(event) => onChange(event.target.value)}>
      <option value="">{all}</option>
      {shown.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }): ReactNode {
  return (
    <button type="button" className={styles['chip']} onClick={onRemove} title={`Without ${label}`}>
      {label}
      <Icon name="close" size={12} />
      <span className="spoken">, take out</span>
    </button>
  );
}

const typingMs = 250;

function SearchBox({
  value,
  onChange,
  box,
}: {
  value: string;
  onChange: (text: string) => void;
  box: FilterBarProps['search'];
}): ReactNode {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), typingMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <input
      ref={box}
      type="search"
      className={styles['search']}
      aria-label="Search prompts and answers"
      placeholder="Search prompts and answers  /"
      value={text}
      maxLength={1000}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The browser would empty it.
        event.preventDefault();
        event.currentTarget.blur();
      }}
    />
  );
}
