import type { ReactNode } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { findLastFrom } from '../../product/recent-calls.ts';
import type { Tool, ToolValues } from '../../product/tool-settings.ts';
import { ToolSteps } from '../../product/tool-steps.tsx';
import { Card } from '../../ui/card.tsx';
import { Hint } from '../../ui/stack.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './connect.module.css';

export interface ToolGuideProps {
  tool: Tool;
  values: ToolValues;
  isSecret: boolean;
  /** The newest calls; null while they are not known. */
  calls: readonly CallSummary[] | null;
}

export function ToolGuide({ tool, values, isSecret, calls }: ToolGuideProps): ReactNode {
  return (
    <Card id={tool.id} level={3} title={tool.name} aside={<LastRequest tool={tool} calls={calls} />}>
      <ToolSteps name={tool.name} steps={tool.steps} values={values} isSecret={isSecret} />
      {tool.quirk !== null && <Hint>{tool.quirk}</Hint>}
    </Card>
  );
}

/** Whether it is connected, told from what came in. */
function LastRequest({ tool, calls }: Pick<ToolGuideProps, 'tool' | 'calls'>): ReactNode {
  if (tool.client === null || calls === null) return null;
  const last = findLastFrom(calls, tool.client);
  return (
    <span className={styles['last']}>
      {last === null ? (
        'no request lately'
      ) : (
        <>
          last request <Time at={last.startedAt} />
        </>
      )}
    </span>
  );
}
