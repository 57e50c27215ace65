import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { recentCallsQuery } from '../../api/queries.ts';
import { codingTools } from '../../product/coding-tools.ts';
import { editorTools } from '../../product/editor-tools.ts';
import { sdkTools } from '../../product/sdk-tools.ts';
import { ShellChoice } from '../../product/shell-choice.tsx';
import { keyPlaceholder, type Tool } from '../../product/tool-settings.ts';
import { maskKey, useCreateKey } from '../../product/use-create-key.ts';
import { useShell } from '../../product/use-shell.ts';
import { useToolModel } from '../../product/use-tool-model.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { Failure, Hint, Row, Stack } from '../../ui/stack.tsx';
import styles from './connect.module.css';
import { ToolGuide } from './tool-guide.tsx';

const groups: readonly { title: string; tools: readonly Tool[] }[] = [
  { title: 'Coding tools', tools: codingTools },
  { title: 'Editors and assistants', tools: editorTools },
  { title: 'Your own programs', tools: sdkTools },
];

/** Enough to have seen every tool in use. */
const recentCount = 500;

/** What to set where, for every tool. */
export function ConnectPage(): ReactNode {
  const create = useCreateKey();
  const [secret, setSecret] = useState<string | null>(null);
  const model = useToolModel();
  const [shell, setShell] = useShell();
  const { data: recent } = useQuery(recentCallsQuery(recentCount));
  const values = { origin: location.origin, key: secret ?? keyPlaceholder, model, shell };
  useEffect(() => document.getElementById(location.hash.slice(1))?.scrollIntoView(), []);
  const createKey = (): void => create.mutate({ name: 'my tools' }, { onSuccess: (created) => setSecret(created.secret) });
  return (
    <Page title="Connect">
      <Stack>
        <Snippet label="base URL" text={`${location.origin}/v1`} />
        {secret === null ? (
          <Row>
            <Button kind="primary" isBusy={create.isPending} onPress={createKey}>
              Create a key
            </Button>
            <Hint>It is filled in below. With a key you have already, put it in place of {keyPlaceholder}.</Hint>
          </Row>
        ) : (
          <Row>
            <code>{maskKey(secret)}</code>
            <CopyButton text={secret} label="Copy the key" />
            <Hint>Filled in below, and shown this once: after you leave this page it cannot be read again.</Hint>
          </Row>
        )}
        {create.error !== null && <Failure>No key was made: {create.error.message}</Failure>}
        <Row>
          <ShellChoice shell={shell} onChange={setShell} />
          <Hint>What goes into a shell is written for this one.</Hint>
        </Row>
      </Stack>
      {groups.map(({ title, tools }) => (
        <section key={title} className={styles['group']} aria-label={title}>
          <h2>{title}</h2>
          <div className={styles['tools']}>
            {tools.map((tool) => (
              <ToolGuide key={tool.id} tool={tool} values={values} isSecret={secret !== null} calls={recent?.items ?? null} />
            ))}
          </div>
        </section>
      ))}
    </Page>
  );
}
