import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CallBodies, CallDetail } from '../../../src-main/contract/entities.ts';
import { bodiesQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { startReader } from './conversation/start-reader.ts';
import type { Conversation, Turn } from './conversation/turn.ts';
import styles from './conversation-tab.module.css';
import { NotRecorded } from './not-recorded.tsx';
import { type TextForm, TextFormContext } from './text-form.ts';
import { TurnView } from './turn-view.tsx';

export function ConversationTab({ call }: { call: CallDetail }): ReactNode {
  const bodies = useQuery(bodiesQuery(call.id));
  const reading = useQuery({
    queryKey: ['readCallBodies', { params: { id: call.id } }, 'conversation', bodies.dataUpdatedAt],
    queryFn: ({ signal }) => startReader(toSource(call, bodies.data), signal),
    enabled: bodies.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    structuralSharing: false,
  });
  const error = bodies.error ?? reading.error;
  if (error !== null) {
    const action = { label: 'Try again', run: () => void (bodies.error === null ? reading : bodies).refetch() };
    return <ErrorState title="The conversation cannot be shown" cause={error.message} action={action} />;
  }
  if (bodies.data === undefined || reading.data === undefined) return <Skeleton lines={6} />;
  if (bodies.data.request === null && bodies.data.response === null) return <NotRecorded status={call.status} />;
  return <ConversationView conversation={reading.data} isRunning={call.status === 'started'} />;
}

function toSource(call: CallDetail, bodies: CallBodies | undefined) {
  const readable = (text: string | null | undefined, encoding: string | undefined): string | null =>
    encoding === 'utf8' ? (text ?? null) : null;
  return {
    dialect: call.callerDialect,
    request: readable(bodies?.request, bodies?.requestEncoding),
    response: readable(bodies?.response, bodies?.responseEncoding),
  };
}

function ConversationView({ conversation, isRunning }: { conversation: Conversation; isRunning: boolean }): ReactNode {
  const [form, setForm] = useState<TextForm>('markdown');
  const { system, earlier, latest, tools, finish, problems } = conversation;
  return (
    <TextFormContext value={form}>
      <div className={styles['tools']}>
        <span className={styles['kind']}>{finish !== null && `finished: ${finish}`}</span>
        <Segmented
          label="Text as"
          value={form}
          options={[
            { value: 'markdown', label: 'Markdown' },
            { value: 'plain', label: 'Plain' },
          ]}
          onChange={setForm}
        />
      </div>
      {problems.map((problem) => (
        <Notice key={problem} kind="look" title={problem} />
      ))}
      {system.length > 0 && <Fold label={`System · ${firstWords(system)}`} turns={system} />}
      {tools.length > 0 && (
        <details className={styles['fold']}>
          <summary>
            {tools.length} {tools.length === 1 ? 'tool' : 'tools'} offered
          </summary>
          <p className={styles['inner']}>{tools.join(', ')}</p>
        </details>
      )}
      {earlier.length > 0 && <Fold label={`${earlier.length} earlier ${earlier.length === 1 ? 'message' : 'messages'}`} turns={earlier} />}
      <Turns turns={latest} />
      {isRunning && <p className={styles['kind']}>The answer is still arriving.</p>}
    </TextFormContext>
  );
}

function firstWords(turns: readonly Turn[]): string {
  const text = turns[0]?.parts.find((part) => part.kind === 'text');
  return text === undefined ? '' : text.text.trim().slice(0, 160);
}

/** Its turns exist only once it was opened. */
function Fold({ label, turns }: { label: string; turns: readonly Turn[] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles['fold']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      {isOpen && (
        <div className={styles['inner']}>
          <Turns turns={turns} />
        </div>
      )}
    </details>
  );
}

const pageOfTurns = 50;

/** The last ones first asked for: a long history is opened piece by piece. */
function Turns({ turns }: { turns: readonly Turn[] }): ReactNode {
  const [shown, setShown] = useState(pageOfTurns);
  const first = Math.max(0, turns.length - shown);
  return (
    <>
      {first > 0 && (
        <div>
          <Button onPress={() => setShown(shown + pageOfTurns)}>
            Show {Math.min(pageOfTurns, first)} of {first} before
          </Button>
        </div>
      )}
      {turns.slice(first).map((turn, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no id and keep their order
        <TurnView key={first + at} turn={turn} />
      ))}
    </>
  );
}
