import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

const command = 'npm run --silent tollgate -- open';

/** A browser without a session: links into Tollgate work once, so that no other program can follow them. */
export function SignedOut(): ReactNode {
  return (
    <EmptyState title="This page needs a fresh link" action={<CopyButton text={command} label="Copy the command" />}>
      <p>
        Run <code>{command}</code> in a terminal. It opens this page with a link that works once.
      </p>
    </EmptyState>
  );
}
