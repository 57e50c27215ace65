import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ShellBridge, ShellState } from '../../../src-main/contract/shell-api.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Row } from '../../ui/stack.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { PortForm } from './port-form.tsx';

const shellKey = ['shellState'] as const;

/** What only the desktop app can set; a browser does not show it. */
export function DesktopCard({ bridge }: { bridge: ShellBridge }): ReactNode {
  const queries = useQueryClient();
  const { data: state, error } = useQuery({ queryKey: shellKey, queryFn: () => bridge.readShellState() });
  const change = useMutation({
    mutationFn: (run: () => Promise<ShellState>) => run(),
    onSuccess: (next) => queries.setQueryData(shellKey, next),
  });
  const restart = useMutation({ mutationFn: () => bridge.restartGateway() });
  const failure = change.error ?? restart.error ?? error;
  return (
    <Card id="desktop" title="Desktop app">
      {state === undefined && error === null && <Skeleton lines={3} />}
      {state !== undefined && (
        <>
          {state.openAtLogin !== null && (
            <Toggle
              label="Start at login"
              note="The gateway is there before your tools are."
              isOn={state.openAtLogin}
              isDisabled={change.isPending}
              onChange={(isOn) => change.mutate(() => bridge.setOpenAtLogin(isOn))}
            />
          )}
          <Toggle
            label="Notifications"
            note="When something needs a look."
            isOn={state.notifications}
            isDisabled={change.isPending}
            onChange={(isOn) => change.mutate(() => bridge.setNotifications(isOn))}
          />
          <PortForm port={state.port} setPort={(port) => bridge.setPort(port)} onSaved={(next) => queries.setQueryData(shellKey, next)} />
          <Row>
            <Button isBusy={restart.isPending} onPress={() => restart.mutate()}>
              {restart.isPending ? 'Restarting…' : 'Restart the gateway'}
            </Button>
          </Row>
        </>
      )}
      {failure !== null && <Failure>{failure.message}</Failure>}
    </Card>
  );
}
