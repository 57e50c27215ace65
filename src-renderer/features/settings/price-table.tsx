import type { ReactNode } from 'react';
import { type PriceOverrideItem, previewNanoUsd, renderRates } from '../../product/price-fields.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Money } from '../../ui/money.tsx';
import styles from './settings.module.css';

export function PriceTable({
  items,
  onRemove,
}: {
  items: readonly PriceOverrideItem[];
  onRemove: (item: PriceOverrideItem) => void;
}): ReactNode {
  return (
    <table className={styles['prices']}>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Price</th>
          <th scope="col">1,000 in + 1,000 out</th>
          <th scope="col">
            <span className="spoken">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={JSON.stringify(item)}>
            <td>
              <code>{item.match}</code>
            </td>
            <td>{renderRates(item)}</td>
            <td>
              <Money nanoUsd={previewNanoUsd(item)} source={item.free === true ? 'free' : 'override'} />
            </td>
            <td>
              <IconButton icon="trash" label={`Remove the price of ${item.match}`} onPress={() => onRemove(item)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
