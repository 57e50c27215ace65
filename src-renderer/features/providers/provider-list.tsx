import type { ReactNode } from 'react';
import type { Provider } from '../../../src-main/contract/entities.ts';
import { Hint } from '../../ui/stack.tsx';
import { ProviderRow } from './provider-row.tsx';
import styles from './providers.module.css';

export function ProviderList({
  label,
  providers,
  empty,
}: {
  label: string;
  providers: readonly Provider[];
  empty: string | null;
}): ReactNode {
  if (providers.length === 0) return empty === null ? null : <Hint>{empty}</Hint>;
  return (
    <ul className={styles['list']} aria-label={label}>
      {providers.map((provider) => (
        <ProviderRow key={provider.id} provider={provider} />
      ))}
    </ul>
  );
}
