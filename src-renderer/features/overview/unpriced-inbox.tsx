import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { UnpricedReport } from '../../../src-main/contract/reports.ts';
import { putOverride } from '../../product/price-fields.ts';
import { PriceForm } from '../../product/price-form.tsx';
import { useSavePrices } from '../../product/use-save-prices.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { renderCount } from '../../ui/render-number.ts';
import { Failure, Hint, Row, Stack } from '../../ui/stack.tsx';
import styles from './overview.module.css';

const few = 5;

interface UnpricedInboxProps {
  report: UnpricedReport;
  /** "provider/model" whose price is being set. */
  open: string | null;
  onOpen: (match: string | null) => void;
}

/** Models whose calls are missing from spend; each goes away when it has a price. */
export function UnpricedInbox({ report: { items, otherCalls }, open, onOpen }: UnpricedInboxProps): ReactNode {
  const [isWhole, setWhole] = useState(false);
  // The one whose form is open is there in any case.
  const shown = items.filter(({ provider, model }, index) => isWhole || index < few || `${provider}/${model}` === open);
  return (
    <Card id="unpriced" title="Models without a price" aside={<span className={styles['note']}>{renderCount(items.length)}</span>}>
      <Hint>
        Unpriced is not free: spend leaves these calls out. A price counts from the next call on; calls made before it stay unpriced.
      </Hint>
      <ul className={styles['inbox']}>
        {shown.map(({ provider, model, calls, inputTokens, outputTokens }) => {
          const match = `${provider}/${model}`;
          return (
            <li key={match}>
              <div className={styles['inboxHead']}>
                <code className={styles['what']} title={match}>
                  {match}
                </code>
                <span className={styles['note']}>
                  {renderCount(calls)} {calls === 1 ? 'call' : 'calls'} · {renderCount(inputTokens)} in · {renderCount(outputTokens)} out in
                  all
                </span>
                <Button onPress={() => onOpen(open === match ? null : match)}>Set a price</Button>
              </div>
              {open === match && <InlinePrice match={match} onDone={() => onOpen(null)} />}
            </li>
          );
        })}
      </ul>
      {items.length > shown.length && (
        <Row>
          <Button onPress={() => setWhole(true)}>Show all {renderCount(items.length)}</Button>
        </Row>
      )}
      {otherCalls > 0 && <Hint>{renderOthers(otherCalls)}</Hint>}
    </Card>
  );
}

function renderOthers(calls: number): string {
  return `${renderCount(calls)} ${calls === 1 ? 'call has' : 'calls have'} no known cost for another reason: made before the model had its price, or without reported tokens.`;
}

function InlinePrice({ match, onDone }: { match: string; onDone: () => void }): ReactNode {
  const { list, save } = useSavePrices();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.scrollIntoView({ block: 'nearest' });
    frame.current?.querySelector<HTMLInputElement>('input[inputmode]')?.focus();
  }, []);
  return (
    <div ref={frame} className={styles['inlinePrice']}>
      <Stack>
        <PriceForm
          model={match}
          isBusy={save.isPending || list.isPending}
          onSave={(item) => list.data !== undefined && save.mutate(putOverride(list.data.items, item), { onSuccess: onDone })}
          onCancel={onDone}
        />
        {list.error !== null && <Failure>Your prices could not be read: {list.error.message}</Failure>}
        {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
      </Stack>
    </div>
  );
}
