import type { ReactNode } from 'react';
import type { CallerKey } from '../../../src-main/contract/entities.ts';
import { Badge } from '../../ui/badge.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './keys.module.css';
import { renderScope } from './read-key-fields.ts';
import { RevokeKey } from './revoke-key.tsx';

export function KeyTable({ keys }: { keys: readonly CallerKey[] }): ReactNode {
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">Tags</th>
            <th scope="col">May call</th>
            <th scope="col">Created</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span className="spoken">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} callerKey={key} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyRow({ callerKey: key }: { callerKey: CallerKey }): ReactNode {
  return (
    <tr data-revoked={key.revokedAt !== null || undefined}>
      <td>
        <strong>{key.name}</strong>
      </td>
      <td>
        <code>····{key.lastFour}</code>
      </td>
      <td>
        <span className={styles['tags']}>
          {Object.entries(key.tags).map(([name, value]) => (
            <Badge key={name}>
              {name}:{value}
            </Badge>
          ))}
        </span>
      </td>
      <td>{renderScope(key.scope)}</td>
      <td>
        <Time at={key.createdAt} />
      </td>
      <td>{key.lastUsedAt === null ? 'never' : <Time at={key.lastUsedAt} />}</td>
      <td>
        {key.revokedAt !== null && (
          <Badge kind="bad">
            revoked <Time at={key.revokedAt} />
          </Badge>
        )}
        {key.revokedAt === null && key.source === 'config-file' && (
          <Badge title="Take it out of the config file and restart the gateway.">config file</Badge>
        )}
        {key.revokedAt === null && key.source === 'user' && <RevokeKey callerKey={key} />}
      </td>
    </tr>
  );
}
