import type { ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { CallCost } from '../../product/call-cost.tsx';
import { sumInput, sumOutput } from '../../product/usage-sums.ts';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { renderCount } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import styles from './call-detail.module.css';
import { withParam, withTag } from './call-filter.ts';
import { ModelName } from './call-row.tsx';
import { CallState } from './call-state.tsx';
import { DeleteCall } from './delete-call.tsx';

const conversionWords: Record<CallDetail['conversion'], string> = {
  unchanged: 'sent unchanged',
  patched: 'sent patched',
  translated: 'translated',
};

interface DetailHeadProps {
  call: CallDetail;
  callerNames: ReadonlyMap<string, string>;
  onClose: () => void;
  onDeleted: (id: string) => void;
}

export function DetailHead({ call, callerNames, onClose, onDeleted }: DetailHeadProps): ReactNode {
  return (
    <header className={styles['top']}>
      <div className={styles['title']}>
        <h2>
          <ModelName call={call} />
          {call.provider !== null && ` → ${call.provider}`}
        </h2>
        <span className={styles['cost']}>
          <CallCost call={call} />
        </span>
        <CopyButton text={call.id} label="Copy the call’s id" isBrief />
        <DeleteCall
          id={call.id}
          onDeleted={() => {
            onDeleted(call.id);
            onClose();
          }}
        />
        <IconButton icon="close" label="Close the call (Esc)" onPress={onClose} />
      </div>
      <p className={styles['facts']}>
        <CallState call={call} />
        {call.httpStatus !== null && <span>HTTP {call.httpStatus}</span>}
        <span title={renderDialects(call)}>{conversionWords[call.conversion]}</span>
        <span>{call.stream ? 'streamed' : 'whole'}</span>
        <span>
          {renderCount(sumInput(call.usage))} → {renderCount(sumOutput(call.usage))} tokens
        </span>
        {call.byok && <Badge title="The caller sent a key of its own">own key</Badge>}
        <Time at={call.startedAt} />
        <span>
          {[call.callerKeyId === null ? null : (callerNames.get(call.callerKeyId) ?? call.callerKeyId), call.client]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </p>
      <Tags call={call} />
      {call.error !== null && <CallError error={call.error} />}
    </header>
  );
}

function renderDialects({ callerDialect, upstreamDialect }: CallDetail): string {
  return upstreamDialect === null || upstreamDialect === callerDialect ? callerDialect : `${callerDialect} → ${upstreamDialect}`;
}

/** Pressed, a tag becomes part of the filter. */
function Tags({ call }: { call: CallDetail }): ReactNode {
  const [params] = useSearchParams();
  const [path, navigate] = useLocation();
  const tags = Object.entries(call.tags).map(([key, value]) => `${key}:${value}`);
  if (tags.length === 0 && call.conversationId === null) return null;
  return (
    <p className={styles['facts']}>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles['tag']}
          title={`Only calls with ${tag}`}
          onClick={() => navigate(`${path}?${withTag(params, tag, true)}`)}
        >
          {tag}
        </button>
      ))}
      {call.conversationId !== null && (
        <Link href={`${path}?${withParam(params, 'conversation', call.conversationId)}`}>Calls of this conversation</Link>
      )}
      {call.model !== null && <Link href={`${path}?${withParam(params, 'model', call.model)}`}>Calls of this model</Link>}
    </p>
  );
}

function CallError({ error }: { error: NonNullable<CallDetail['error']> }): ReactNode {
  const codes = [error.code, error.providerType, error.providerCode].filter((code) => code !== null);
  return (
    <div className={styles['error']}>
      <strong>{[...new Set(codes)].join(' · ')}</strong>
      <p>{error.message}</p>
    </div>
  );
}
