import type { GatewayLocation } from '../cli/gateway-location.ts';
import type { AdminEvent } from '../contract/admin-events.ts';
import type { Settings } from '../contract/entities.ts';
import type { Supervisor } from './supervisor.ts';
import { noTrayFacts, openTrayFeed, type TrayFacts, type TrayFeed } from './tray-feed.ts';
import type { TrayState } from './tray-menu.ts';

export interface FollowOptions {
  supervisor: Supervisor;
  location(): GatewayLocation;
  onState(state: TrayState): void;
  onEvent(event: AdminEvent): void;
}

export interface FollowedGateway {
  state(): TrayState;
  /** What recording was before it was paused. */
  recordingBefore(): Settings['recording'];
  refresh(): void;
  close(): void;
}

/** Ages and the day change while nothing happens. */
const tickMs = 30_000;
const reconnectMs = 500;

/** Joins what the supervisor knows with what the gateway tells, for as long as the app runs. */
export function followGateway({ supervisor, location, onState, onEvent }: FollowOptions): FollowedGateway {
  let facts: TrayFacts = noTrayFacts;
  let before: Settings['recording'] = 'full';
  let feed: TrayFeed | null = null;
  let closed = false;
  let reconnect: ReturnType<typeof setTimeout> | null = null;

  function readState(): TrayState {
    const { gateway, message, url } = supervisor.state;
    return { ...facts, gateway, failure: message, url, now: Date.now() };
  }

  function connect(): void {
    reconnect = null;
    if (closed || supervisor.state.gateway !== 'running') return;
    const opened = openTrayFeed(
      location(),
      (next) => {
        if (feed !== opened) return;
        facts = next;
        if (next.recording !== null && next.recording !== 'off') before = next.recording;
        onState(readState());
      },
      onEvent,
    );
    feed = opened;
    void opened.ended.then(() => {
      if (feed !== opened) return;
      feed = null;
      if (!closed) reconnect = setTimeout(connect, reconnectMs);
    });
  }

  function disconnect(): void {
    if (reconnect !== null) clearTimeout(reconnect);
    reconnect = null;
    feed?.close();
    feed = null;
  }

  supervisor.watch(({ gateway }) => {
    disconnect();
    if (gateway === 'running') connect();
    if (!closed) onState(readState());
  });
  const tick = setInterval(() => {
    feed?.refresh();
    onState(readState());
  }, tickMs);
  onState(readState());
  return {
    state: readState,
    recordingBefore: () => before,
    refresh: () => feed?.refresh(),
    close() {
      closed = true;
      clearInterval(tick);
      disconnect();
    },
  };
}
