import type { ReactNode } from 'react';
import { readBridge } from '../platform/bridge.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** What is on the page stays readable; it is only not news. */
export function OfflineNotice(): ReactNode {
  const bridge = readBridge();
  return (
    <Notice
      kind="look"
      title="The gateway does not answer."
      action={bridge === null ? null : <Button onPress={() => void bridge.restartGateway()}>Restart it</Button>}
    >
      {bridge === null ? 'If it was stopped, start it again with “npm start”. ' : 'It is being started again. '}
      This page goes on by itself when it is back.
    </Notice>
  );
}
