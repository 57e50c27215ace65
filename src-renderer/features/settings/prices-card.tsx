import { type ReactNode, useState } from 'react';
import { isOverride, type PriceOverrideItem, putOverride } from '../../product/price-fields.ts';
import { PriceForm } from '../../product/price-form.tsx';
import { useSavePrices } from '../../product/use-save-prices.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Hint, Row, Stack, Success } from '../../ui/stack.tsx';
import { PriceTable } from './price-table.tsx';

/** Prices the user sets; they win over the built-in ones. */
export function PricesCard({ model }: { model: string | null }): ReactNode {
  const {
    list: { data, isPending, error },
    save,
  } = useSavePrices();
  const [isAdding, setAdding] = useState(model !== null);
  if (isPending) return <Skeleton lines={2} />;
  if (data === undefined) return <Failure>Prices could not be read: {error?.message}</Failure>;
  const { items } = data;
  const add = (item: PriceOverrideItem): void => save.mutate(putOverride(items, item), { onSuccess: () => setAdding(false) });
  const remove = (item: PriceOverrideItem): void => save.mutate(items.filter((other) => other !== item));
  return (
    <Stack>
      <Hint>They win over the built-in price book and count from the next call on; what calls cost before stays as it was.</Hint>
      {items.length > 0 && <PriceTable items={items.filter(isOverride)} onRemove={remove} />}
      {isAdding ? (
        <PriceForm model={model} isBusy={save.isPending} onSave={add} onCancel={() => setAdding(false)} />
      ) : (
        <Row>
          <Button onPress={() => setAdding(true)}>
            <Icon name="plus" />
            Add a price
          </Button>
          {save.isSuccess && <Success>Saved</Success>}
        </Row>
      )}
      {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
    </Stack>
  );
}
