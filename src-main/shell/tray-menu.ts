import { renderAge, renderSpend, renderUsd, type SpendSum } from './tray-words.ts';

export interface TrayError {
  callId: string;
  at: number;
  httpStatus: number | null;
  errorCode: string | null;
  /** As the user calls it; null when no provider was reached. */
  provider: string | null;
}

/** All the tray shows; null = not known yet. */
export interface TrayState {
  gateway: 'starting' | 'running' | 'restarting' | 'failed' | 'stopping';
  /** Why it failed. */
  failure: string | null;
  url: string | null;
  now: number;
  today: SpendSum | null;
  week: SpendSum | null;
  /** Today's models. */
  models: readonly (SpendSum & { name: string })[];
  budget: { limitNanoUsd: number } | null;
  lastError: TrayError | null;
  recording: 'full' | 'metadata' | 'off' | null;
}

export type TrayAction = 'open' | 'open-calls' | 'open-error' | 'copy-base-url' | 'toggle-recording' | 'restart' | 'quit';

/** `action` null = a line to read. */
export type TrayItem = { separator: true } | { separator: false; label: string; action: TrayAction | null };

const errorMaxAgeMs = 3_600_000;
const shownModels = 3;
const separator: TrayItem = { separator: true };

/** The whole menu, from top to bottom; groups without a line leave no separator behind. */
export function renderTrayMenu(state: TrayState): TrayItem[] {
  const groups = [renderHead(state), renderModels(state), renderTrouble(state), renderActions(state)];
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}

/** Beside the icon on macOS, on hover elsewhere. */
export function renderTrayTitle(state: TrayState): string {
  if (state.gateway === 'failed') return 'Tollgate is stopped';
  if (state.gateway !== 'running') return 'Tollgate is starting';
  return state.today === null ? 'Tollgate' : `${renderSpend(state.today)} today`;
}

export function isInTrouble(state: TrayState): boolean {
  return state.gateway === 'failed' || state.gateway === 'restarting' || readFreshError(state) !== null;
}

function renderHead(state: TrayState): TrayItem[] {
  if (state.gateway === 'failed')
    return [line('Tollgate is stopped'), ...(state.failure === null ? [] : [line(shorten(state.failure, 80))])];
  if (state.gateway === 'stopping') return [line('Finishing open answers …')];
  const notice = state.gateway === 'starting' ? [line('Starting …')] : state.gateway === 'restarting' ? [line('Restarting …')] : [];
  const paused = state.recording === 'off' ? [line('Recording is paused')] : [];
  const today = state.today === null ? [] : [item(`${renderSpend(state.today)} today${renderBudget(state)}`, 'open')];
  const week = state.week === null ? [] : [item(`${renderSpend(state.week)} last 7 days`, 'open')];
  return [...notice, ...paused, ...today, ...week];
}

/** Calls without a price may have cost more: then it is the least that was spent, and nothing where that would be 0. */
function renderBudget({ today, budget }: TrayState): string {
  if (today === null || budget === null || budget.limitNanoUsd <= 0 || (today.unpriced > 0 && today.costNanoUsd === 0)) return '';
  return ` · ${today.unpriced > 0 ? '≥ ' : ''}${Math.floor((today.costNanoUsd / budget.limitNanoUsd) * 100)} % of ${renderUsd(budget.limitNanoUsd).replace(/\.00$/, '')}`;
}

/** The dearest first; what has no price stands last and says so. */
function renderModels({ gateway, models }: TrayState): TrayItem[] {
  if (gateway === 'failed' || gateway === 'stopping') return [];
  return [...models]
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.costNanoUsd - a.costNanoUsd || b.calls - a.calls)
    .slice(0, shownModels)
    .map((model) => item(`${shorten(model.name, 40)}   ${renderSpend(model)}`, 'open-calls'));
}

function renderTrouble(state: TrayState): TrayItem[] {
  const error = readFreshError(state);
  if (error === null || state.gateway === 'failed') return [];
  const what = error.httpStatus ?? error.errorCode ?? 'Error';
  const where = error.provider === null ? '' : ` from ${error.provider}`;
  return [item(`⚠ ${what}${where}, ${renderAge(state.now - error.at)}`, 'open-error')];
}

function renderActions({ gateway, url, recording }: TrayState): TrayItem[] {
  return [
    ...(gateway === 'failed' ? [item('Start again', 'restart')] : []),
    ...(url === null || gateway === 'failed' ? [] : [item(`Copy base URL   ${url}/v1`, 'copy-base-url')]),
    ...(gateway !== 'running' || recording === null
      ? []
      : [item(recording === 'off' ? 'Resume recording' : 'Pause recording', 'toggle-recording')]),
    item('Open Tollgate', 'open'),
    item('Quit', 'quit'),
  ];
}

function readFreshError({ lastError, now }: TrayState): TrayError | null {
  return lastError !== null && now - lastError.at < errorMaxAgeMs ? lastError : null;
}

function item(label: string, action: TrayAction): TrayItem {
  return { separator: false, label, action };
}

function line(label: string): TrayItem {
  return { separator: false, label, action: null };
}

function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
