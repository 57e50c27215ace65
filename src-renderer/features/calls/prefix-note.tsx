import { createContext, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Prefix } from './conversation/read-prefix.ts';
import styles from './conversation-tab.module.css';

/** Which turn of the request is the first that differs from the call before; null = none. */
export const PrefixBreakContext = createContext<number | null>(null);

const places = { tools: 'The tools differ from', system: 'The system prompt differs from', message: 'A message differs from' };

/** What the provider's prompt cache could serve of a request, as far as the call before tells. */
export function PrefixNote({ prefix: { callId, kept, of, broke } }: { prefix: Prefix }): ReactNode {
  const [params] = useSearchParams();
  const before = <Link href={`/calls/${callId}?${params}`}>the call before</Link>;
  if (broke === null) {
    return (
      <p className={styles['kind']}>
        Prompt cache: the first {kept === 1 ? 'message is' : `${kept} messages are`} as in {before}.
      </p>
    );
  }
  return (
    <p className={styles['broken']}>
      <strong>Prompt cache broken.</strong> {places[broke]} {before};{' '}
      {kept === 0 ? 'nothing of that' : `no more than the first ${kept} of its ${of} messages`} could be read from a cache.
    </p>
  );
}

/** Above the message in question. */
export function PrefixBreak(): ReactNode {
  return <p className={styles['break']}>differs from the call before: the cached prefix ends here</p>;
}
