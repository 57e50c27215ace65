import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { bodiesQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Prefix } from './conversation/read-prefix.ts';
import { startReader } from './conversation/start-reader.ts';
import type { Conversation, Turn } from './conversation/turn.ts';
import styles from './conversation-tab.module.css';
import { NotRecorded } from './not-recorded.tsx';
import { PrefixBreakContext, PrefixNote } from './prefix-note.tsx';
import { readableBody } from './readable-body.ts';
import { type TextForm, TextFormContext } from './text-form.ts';
import { TurnView } from './turn-view.tsx';
import { usePrefix } from './use-prefix.ts';

export function ConversationTab({ call }: { call: CallDetail }): ReactNode {
  const bodies = useQuery(bodiesQuery(call.id));
  const [request, response] = [readableBody(bodies.data, 'request'), readableBody(bodies.data, 'response')];
  const prefix = usePrefix(call, request);
  const reading = useQuery({
    queryKey: ['readCallBodies', { params: { id: call.id } }, 'conversation', bodies.dataUpdatedAt],
    queryFn: ({ signal }) => {
      const source = { dialect: call.callerDialect, request, response };
      return startReader({ task: 'conversation', source }, (request?.length ?? 0) + (response?.length ?? 0), signal);
    },
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
  return <ConversationView conversation={reading.data} prefix={prefix} isRunning={call.status === 'started'} />;
}

interface ConversationViewProps {
  conversation: Conversation;
  prefix: Prefix | null;
  isRunning: boolean;
}

function ConversationView({ conversation, prefix, isRunning }: ConversationViewProps): ReactNode {
  const [form, setForm] = useState<TextForm>('markdown');
  const { system, earlier, latest, tools, finish, problems } = conversation;
  return (
    <TextFormContext value={form}>
      <PrefixBreakContext value={prefix?.at ?? null}>
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
        {prefix !== null && <PrefixNote prefix={prefix} />}
        {system.length > 0 && <Fold label={`System · ${firstWords(system)}`} turns={system} />}
        {tools.length > 0 && (
          <details className={styles['fold']}>
            <summary>
              {tools.length} {tools.length === 1 ? 'tool' : 'tools'} offered{prefix?.broke === 'tools' && ', not those of the call before'}
            </summary>
            <p className={styles['inner']}>{tools.join(', ')}</p>
          </details>
        )}
        {earlier.length > 0 && <Fold label={earlierLabel(earlier, prefix)} turns={earlier} />}
        <Turns turns={latest} />
        {isRunning && <p className={styles['kind']}>The answer is still arriving.</p>}
      </PrefixBreakContext>
    </TextFormContext>
  );
}

function earlierLabel(earlier: readonly Turn[], prefix: Prefix | null): string {
  const count = `${earlier.length} earlier ${earlier.length === 1 ? 'message' : 'messages'}`;
  if (prefix === null) return count;
  if (earlier.some(({ at }) => at === prefix.at)) return `${count}, one of them changed`;
  return prefix.broke === null ? `${count}, unchanged` : count;
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
