import type { ReactNode } from 'react';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { renderBytes, renderDuration } from '../../ui/render-number.ts';
import styles from './call-detail.module.css';

/** What was sent where and when, and every id by which others know this call. */
export function AttemptsTab({ call }: { call: CallDetail }): ReactNode {
  const facts = [
    ['Call', call.id],
    ['Provider’s id', call.responseId],
    ['Served model', call.servedModel],
    ['Finished because', call.finishReason],
    ['Service tier', call.serviceTier],
    ['Conversation', call.conversationId],
    ['Trace', call.traceId],
    ['Parent span', call.parentSpanId],
    ['Dialects', [call.callerDialect, call.upstreamDialect].filter((dialect) => dialect !== null && dialect !== '').join(' → ')],
    ['Size', `${renderBytes(call.requestBytes)} asked, ${renderBytes(call.responseBytes)} answered`],
  ].filter((fact): fact is [string, string] => typeof fact[1] === 'string' && fact[1] !== '');
  return (
    <>
      {call.attempts.length === 0 ? (
        <p className={styles['dim']}>Nothing was sent to a provider.</p>
      ) : (
        <Attempts attempts={call.attempts} />
      )}
      <dl className={styles['list']}>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </>
  );
}

function Attempts({ attempts }: { attempts: CallDetail['attempts'] }): ReactNode {
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Attempt</th>
          <th scope="col" className={styles['number']}>
            Sent at
          </th>
          <th scope="col" className={styles['number']}>
            Took
          </th>
          <th scope="col">Answer</th>
          <th scope="col">Request id</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are in order and never change
          <tr key={index}>
            <td>{index + 1}</td>
            <td className={styles['number']}>{renderDuration(attempt.atMs)}</td>
            <td className={styles['number']}>{renderDuration(attempt.durationMs)}</td>
            <td>{[attempt.status, attempt.error].filter((word) => word !== null).join(' · ') || '–'}</td>
            <td>{attempt.requestId ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fact({ name, value }: { name: string; value: string }): ReactNode {
  const isId = /id|Call|Trace|span|Conversation/.test(name);
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {isId ? <code>{value}</code> : value} {isId && <CopyButton text={value} label={`Copy ${name}`} isBrief />}
      </dd>
    </>
  );
}
