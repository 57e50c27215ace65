import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import type { CreatedCallerKey } from '../../product/use-create-key.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Money } from '../../ui/money.tsx';
import { renderDuration } from '../../ui/render-number.ts';
import { Failure, Hint, Row, Success } from '../../ui/stack.tsx';
import { Time } from '../../ui/time.tsx';
import { sendTestCall } from './send-test-call.ts';
import styles from './start.module.css';

/** Waits for the first call, then becomes it. */
export function FirstCall({ call, createKey }: { call: CallSummary | null; createKey: () => Promise<CreatedCallerKey> }): ReactNode {
  const send = useMutation({
    mutationFn: async () => {
      const { secret } = await createKey();
      await sendTestCall(secret);
    },
  });
  return (
    <Card title={call === null ? '3 · Waiting for the first request…' : '3 · Your latest call'}>
      {call === null ? (
        <Hint>As soon as a tool calls a model through Tollgate, the call stands here with its price.</Hint>
      ) : (
        <>
          {call.status === 'ok' ? (
            <Success>It works. Everything your tools send is counted from here on.</Success>
          ) : (
            <Failure>
              The call reached Tollgate and did not succeed{call.errorCode !== null && ` (${call.errorCode})`}. The call itself says why.
            </Failure>
          )}
          <CallFacts call={call} />
        </>
      )}
      {send.error !== null && <Failure>The test request failed: {send.error.message}</Failure>}
      <Row>
        <Button isBusy={send.isPending} onPress={() => send.mutate()}>
          {send.isPending ? 'Sending…' : 'Send a test request'}
        </Button>
        {call !== null && <Link href={`/calls/${call.id}`}>Look at the call</Link>}
      </Row>
    </Card>
  );
}

function CallFacts({ call }: { call: CallSummary }): ReactNode {
  return (
    <dl className={styles['call']}>
      <dt>Model</dt>
      <dd>
        <strong>{call.model ?? call.requestedModel}</strong>
        {call.provider !== null && ` at ${call.provider}`}
      </dd>
      <dt>From</dt>
      <dd>{renderClient(call.client)}</dd>
      <dt>Result</dt>
      <dd>
        <Badge kind={call.status === 'ok' ? 'good' : 'bad'}>{call.status.replaceAll('_', ' ')}</Badge> {renderDuration(call.durationMs)},{' '}
        <Time at={call.startedAt} />
      </dd>
      <dt>Cost</dt>
      <dd>
        <Money nanoUsd={call.costNanoUsd} source={call.costSource} />
        {call.costSource === 'demo' && ' (demo: nobody is billed)'}
      </dd>
    </dl>
  );
}

/** Browsers all call themselves Mozilla. */
function renderClient(client: string | null): string {
  if (client === null) return 'a program that does not say its name';
  return client === 'Mozilla' ? 'this page' : client;
}
