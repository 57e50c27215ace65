import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { RecordingChoice } from '../../product/recording-choice.tsx';
import { type CreatedCallerKey, useCreateKey } from '../../product/use-create-key.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { Hint } from '../../ui/stack.tsx';
import { FirstCall } from './first-call.tsx';
import { ModelCard } from './model-card.tsx';
import styles from './start.module.css';
import { ToolCard } from './tool-card.tsx';
import { useLatestCall } from './use-latest-call.ts';

/** First run on one page: a model, a tool, the first call. In any order, and nothing of it is needed for the rest. */
export function StartPage(): ReactNode {
  const [, navigate] = useLocation();
  const create = useCreateKey();
  const [created, setCreated] = useState<CreatedCallerKey | null>(null);
  const latest = useLatestCall();
  const createKey = async (): Promise<CreatedCallerKey> => {
    if (created !== null) return created;
    const made = await create.mutateAsync({ name: 'my tools' });
    setCreated(made);
    return made;
  };
  const isDone = latest !== null && latest.status !== 'started';
  const open = (
    <Button kind={isDone ? 'primary' : 'plain'} onPress={() => navigate('/')}>
      Open Overview
    </Button>
  );
  return (
    <Page title="Start" tools={open}>
      <div className={styles['cards']}>
        <ModelCard />
        <ToolCard created={created} createKey={createKey} isBusy={create.isPending} error={create.error} />
        <FirstCall call={latest} createKey={createKey} />
        <Card title="What is recorded">
          <Hint>It stays on this machine in every case. You can change it at any time in Settings.</Hint>
          <RecordingChoice />
        </Card>
      </div>
    </Page>
  );
}
