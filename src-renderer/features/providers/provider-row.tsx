import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { Provider } from '../../../src-main/contract/entities.ts';
import { ProviderKeyForm } from '../../product/provider-key-form.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Hint } from '../../ui/stack.tsx';
import { ProviderActions } from './provider-actions.tsx';
import { describeKey, readOnlyReason } from './provider-state.ts';
import styles from './providers.module.css';

/** One provider: what it is, what its key is like, what can be done. */
export function ProviderRow({ provider }: { provider: Provider }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const key = describeKey(provider.key);
  const reason = readOnlyReason(provider);
  const isEditing = search.get('key') === provider.id && reason === null;
  const showForm = (isShown: boolean): void => setSearch(isShown ? { key: provider.id } : {});
  return (
    <li className={styles['provider']}>
      <div className={styles['line']}>
        <div className={styles['what']}>
          <h3>{provider.name}</h3>
          <Badge kind={key.kind} title={key.title}>
            {key.text}
          </Badge>
          {!provider.enabled && <Badge kind="look">off</Badge>}
          {provider.source === 'config-file' && <Badge>config file</Badge>}
          {provider.id !== 'demo' && <code className={styles['address']}>{provider.baseUrl}</code>}
        </div>
        {provider.id !== 'demo' && (
          <ProviderActions provider={provider} isReadOnly={reason !== null} isEditing={isEditing} onEdit={() => showForm(!isEditing)} />
        )}
      </div>
      {reason !== null && <Hint>{reason}</Hint>}
      {isEditing && <ProviderKeyForm provider={provider} onSaved={() => showForm(false)} />}
      {provider.models.length > 0 && <Models models={provider.models} />}
    </li>
  );
}

function Models({ models }: { models: readonly string[] }): ReactNode {
  return (
    <details className={styles['models']}>
      <summary>
        {models.length} {models.length === 1 ? 'model' : 'models'}
      </summary>
      <ul>
        {models.map((model) => (
          <li key={model}>
            <code>{model}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
