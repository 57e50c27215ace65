import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { providersQuery } from '../../api/queries.ts';
import { LocalServers } from '../../product/local-servers.tsx';
import { ProviderKeyForm } from '../../product/provider-key-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Failure, Hint, Row, Stack, Success } from '../../ui/stack.tsx';
import styles from './start.module.css';

/** A key, a server on this machine, or the demo. */
export function ModelCard(): ReactNode {
  const { data, error } = useQuery(providersQuery);
  const [isDemo, setDemo] = useState(false);
  const ready =
    data?.items.filter(
      ({ key, source, enabled }) => enabled && (key.state === 'set' || (key.state === 'not-needed' && source !== 'built-in')),
    ) ?? [];
  return (
    <Card title="1 · A way to a model">
      {error !== null && <Failure>Providers could not be read: {error.message}</Failure>}
      {ready.length > 0 && <Success>Ready: {ready.map(({ name }) => name).join(', ')}</Success>}
      <ProviderKeyForm />
      <div className={styles['or']}>
        <LocalServers />
      </div>
      <div className={styles['or']}>
        {isDemo ? (
          <Stack>
            <Success>The demo is ready: it needs no key and costs nothing.</Success>
            <Hint>
              Use the model <code>demo/echo</code>, <code>demo/thinking</code> or <code>demo/tools</code> in any tool, or send the test
              request.
            </Hint>
          </Stack>
        ) : (
          <Row>
            <Hint>No key at hand?</Hint>
            <Button onPress={() => setDemo(true)}>Try the demo</Button>
          </Row>
        )}
      </div>
    </Card>
  );
}
