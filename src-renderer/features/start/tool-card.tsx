import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { codingTools } from '../../product/coding-tools.ts';
import { editorTools } from '../../product/editor-tools.ts';
import { sdkTools } from '../../product/sdk-tools.ts';
import { ShellChoice } from '../../product/shell-choice.tsx';
import { dependsOnShell, keyPlaceholder } from '../../product/tool-settings.ts';
import { ToolSteps } from '../../product/tool-steps.tsx';
import { type CreatedCallerKey, maskKey } from '../../product/use-create-key.ts';
import { useShell } from '../../product/use-shell.ts';
import { useToolModel } from '../../product/use-tool-model.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Failure, Hint, Row } from '../../ui/stack.tsx';

/** What can be pointed here at all. */
const tools = [...codingTools, ...editorTools, ...sdkTools].filter(({ steps }) => steps[0].render !== null);

export interface ToolCardProps {
  created: CreatedCallerKey | null;
  createKey: () => Promise<CreatedCallerKey>;
  isBusy: boolean;
  error: Error | null;
}

/** A key for the tools, and the text that points one of them here. */
export function ToolCard({ created, createKey, isBusy, error }: ToolCardProps): ReactNode {
  const [search, setSearch] = useSearchParams();
  const model = useToolModel();
  const [shell, setShell] = useShell();
  const tool = tools.find(({ id }) => id === search.get('tool')) ?? tools[0];
  const choose = (id: string): void => setSearch({ tool: id }, { replace: true });
  const values = { origin: location.origin, key: created?.secret ?? keyPlaceholder, model, shell };
  return (
    <Card title="2 · A tool">
      {created === null ? (
        <Row>
          <Button kind="primary" isBusy={isBusy} onPress={() => void createKey().catch(() => {})}>
            Create a key
          </Button>
          <Hint>Tools call Tollgate with its own key, never with a provider’s.</Hint>
        </Row>
      ) : (
        <Row>
          <code>{maskKey(created.secret)}</code>
          <CopyButton text={created.secret} label="Copy the key" />
          <Hint>Shown this once: after you leave this page it cannot be read again.</Hint>
        </Row>
      )}
      {error !== null && <Failure>No key was made: {error.message}</Failure>}
      <Pick label="Tool" value={tool?.id ?? ''} options={tools.map(({ id, name }) => ({ value: id, label: name }))} onChange={choose} />
      {tool !== undefined && (
        <>
          {dependsOnShell([tool.steps[0]], values) && (
            <Row>
              <ShellChoice shell={shell} onChange={setShell} />
            </Row>
          )}
          <ToolSteps name={tool.name} steps={[tool.steps[0]]} values={values} isSecret={created !== null} />
          {tool.quirk !== null && <Hint>{tool.quirk}</Hint>}
        </>
      )}
      <Hint>
        <Link href={`/connect#${tool?.id ?? ''}`}>Everything to set, for every tool</Link>
      </Hint>
    </Card>
  );
}
