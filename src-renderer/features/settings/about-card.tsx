import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ShellBridge } from '../../../src-main/contract/shell-api.ts';
import { statusQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { Failure, Hint, Row } from '../../ui/stack.tsx';

export function AboutCard({ bridge }: { bridge: ShellBridge | null }): ReactNode {
  const { data: status, isPending, error } = useQuery(statusQuery);
  return (
    <Card id="about" title="This gateway">
      {isPending && <Skeleton lines={2} />}
      {error !== null && status === undefined && <Failure>Its state could not be read: {error.message}</Failure>}
      {status !== undefined && (
        <>
          <p>
            Tollgate {status.version}, listening at <code>{status.url}</code>
          </p>
          <Hint>Everything it knows lies in this folder, on this machine only:</Hint>
          <Snippet label="data folder" text={status.dataDir} />
        </>
      )}
      {bridge !== null && (
        <Row>
          <Button onPress={() => void bridge.revealDataDir()}>Show the data folder</Button>
        </Row>
      )}
    </Card>
  );
}
