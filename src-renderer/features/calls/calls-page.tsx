import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';

export function CallsPage(): ReactNode {
  return <Page title="Calls">{null}</Page>;
}
