import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { type ReactNode, useEffect, useState } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { foundCallsQuery } from '../../api/queries.ts';
import { CallCost } from '../../product/call-cost.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './palette.module.css';

const TYPING_MS = 150;
const callId = /^call_[0-9a-z]{11}$/;

/** The newest calls in whose texts the words occur, or the one with this id. */
export function FoundCalls({ words, onGo }: { words: string; onGo: (path: string) => void }): ReactNode {
  const settled = useSettled(words);
  const isId = callId.test(words);
  const { data, error } = useQuery({ ...foundCallsQuery(settled), enabled: !isId && settled !== '' });
  // What was found for other words would be a wrong answer, if only for a moment.
  const calls = settled === words && !isId ? (data?.items ?? []) : [];
  return (
    <Command.Group heading="Calls" forceMount className={styles['group'] ?? ''}>
      {isId && (
        <Item value={words} onSelect={() => onGo(`/calls/${words}`)}>
          Open {words}
        </Item>
      )}
      {calls.map((call) => (
        <Item key={call.id} value={call.id} onSelect={() => onGo(`/calls/${call.id}?search=${encodeURIComponent(words)}`)}>
          <FoundCall call={call} />
        </Item>
      ))}
      {!isId && (
        <Item value="all calls" onSelect={() => onGo(`/calls?search=${encodeURIComponent(words)}`)}>
          {error === null ? `All calls with “${words}”` : `Calls cannot be searched: ${error.message}`}
        </Item>
      )}
    </Command.Group>
  );
}

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }): ReactNode {
  return (
    <Command.Item value={value} forceMount className={styles['item'] ?? ''} onSelect={onSelect}>
      <Icon name="calls" />
      {children}
    </Command.Item>
  );
}

function FoundCall({ call }: { call: CallSummary }): ReactNode {
  return (
    <>
      <span>{call.model ?? call.requestedModel}</span>
      <span className={styles['aside']}>
        <Time at={call.startedAt} />
        <CallCost call={call} />
      </span>
    </>
  );
}

/** What was typed, once nothing more is being typed. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
