import { type ComponentType, lazy } from 'react';
import type { IconName } from '../ui/icon.tsx';

export interface Page {
  path: string;
  name: string;
  icon: IconName;
  /** Pressed after "g". */
  key: string;
  Component: ComponentType;
}

/** In the order of the side bar. Each page is a chunk of its own: the first paint waits for one of them only. */
export const pages: readonly Page[] = [
  {
    path: '/',
    name: 'Overview',
    icon: 'overview',
    key: 'o',
    Component: lazy(() => import('../features/overview/overview-page.tsx').then(({ OverviewPage }) => ({ default: OverviewPage }))),
  },
  {
    path: '/calls',
    name: 'Calls',
    icon: 'calls',
    key: 'c',
    Component: lazy(() => import('../features/calls/calls-page.tsx').then(({ CallsPage }) => ({ default: CallsPage }))),
  },
  {
    path: '/connect',
    name: 'Connect',
    icon: 'connect',
    key: 't',
    Component: lazy(() => import('../features/connect/connect-page.tsx').then(({ ConnectPage }) => ({ default: ConnectPage }))),
  },
  {
    path: '/providers',
    name: 'Providers',
    icon: 'providers',
    key: 'p',
    Component: lazy(() => import('../features/providers/providers-page.tsx').then(({ ProvidersPage }) => ({ default: ProvidersPage }))),
  },
  {
    path: '/keys',
    name: 'Keys',
    icon: 'keys',
    key: 'k',
    Component: lazy(() => import('../features/keys/keys-page.tsx').then(({ KeysPage }) => ({ default: KeysPage }))),
  },
  {
    path: '/settings',
    name: 'Settings',
    icon: 'settings',
    key: 's',
    Component: lazy(() => import('../features/settings/settings-page.tsx').then(({ SettingsPage }) => ({ default: SettingsPage }))),
  },
];

/** First run; reachable at any time, in no list. */
export const StartPage = lazy(() => import('../features/start/start-page.tsx').then((module) => ({ default: module.StartPage })));
