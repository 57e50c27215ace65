// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual grid are placed one by one, which no table does
import { memo, type ReactNode } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { CallCost } from '../../product/call-cost.tsx';
import { statusWords } from '../../product/status-words.ts';
import { sumInput, sumOutput } from '../../product/usage-sums.ts';
import { renderCount, renderDuration } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import styles from './call-list.module.css';
import { stateKind } from './call-state.tsx';

export interface CallRowProps {
  call: CallSummary;
  index: number;
  top: number;
  isSelected: boolean;
  callerName: string | null;
  onOpen: (id: string) => void;
}

const cell = (name: string): { role: 'gridcell'; className: string } => ({
  role: 'gridcell',
  className: `${styles['cell']} ${styles[name] ?? ''}`,
});

export const CallRow = memo(function CallRow({ call, index, top, isSelected, callerName, onOpen }: CallRowProps): ReactNode {
  const isRunning = call.status === 'started';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      tabIndex={-1}
      id={`row-${call.id}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={styles['row']}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(call.id)}
    >
      <span {...cell('state')} data-kind={isRunning ? 'running' : stateKind(call.status)} title={call.errorCode ?? undefined}>
        <i aria-hidden="true" />
        <span>{call.status === 'ok' ? (call.httpStatus ?? 'ok') : (statusWords[call.status] ?? call.status)}</span>
      </span>
      <span {...cell('time')}>
        <Time at={call.startedAt} />
      </span>
      <span {...cell('model')} title={modelTitle(call)}>
        <ModelName call={call} />
      </span>
      <span {...cell('provider')}>{call.provider ?? '–'}</span>
      <span {...cell('caller')}>{[callerName, call.client].filter((word) => word !== null).join(' · ') || '–'}</span>
      <span {...cell('tokens')}>
        {renderCount(sumInput(call.usage))} <small>→</small> {renderCount(sumOutput(call.usage))}
      </span>
      <span {...cell('duration')}>
        {isRunning ? 'running' : renderDuration(call.durationMs)}
        {call.firstByteMs !== null && call.stream && <small> {renderDuration(call.firstByteMs)}</small>}
      </span>
      <span {...cell('cost')}>
        <CallCost call={call} />
      </span>
      <span {...cell('tags')}>{renderTags(call.tags)}</span>
    </div>
  );
});

export function ModelName({ call }: { call: Pick<CallSummary, 'requestedModel' | 'model'> }): ReactNode {
  if (isAsAsked(call)) return call.model ?? (call.requestedModel || '–');
  return (
    <>
      <small>{call.requestedModel} →</small> {call.model}
    </>
  );
}

/** "anthropic/claude-x" sent as "claude-x" is what was asked for. */
function isAsAsked({ requestedModel, model }: Pick<CallSummary, 'requestedModel' | 'model'>): boolean {
  return model === null || model === requestedModel || requestedModel === '' || requestedModel.endsWith(`/${model}`);
}

function modelTitle({ requestedModel, model }: CallSummary): string {
  return model === null || model === requestedModel ? requestedModel : `asked for ${requestedModel}, sent as ${model}`;
}

function renderTags(tags: Record<string, string>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}:${value}`)
    .join('  ');
}
