import type { GatewayMessage, ShellMessage } from '../contract/process-messages.ts';

/** A running gateway process, however it was forked. */
export interface GatewayChild {
  readonly pid: number | undefined;
  send(message: ShellMessage): void;
  kill(): void;
  onMessage(listener: (message: GatewayMessage) => void): void;
  /** Also when it could not even be started. */
  onExit(listener: (code: number | null) => void): void;
}

export interface SupervisorState {
  readonly gateway: 'starting' | 'running' | 'restarting' | 'failed' | 'stopping';
  /** Where it listens, or listened last; null before the first time. */
  readonly url: string | null;
  /** Why it failed. */
  readonly message: string | null;
}

export interface Supervisor {
  readonly state: SupervisorState;
  readonly pid: number | undefined;
  /** Port asked for; the one it has once it listens. */
  readonly port: number;
  start(): void;
  /** Lets open answers finish. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Stops it and starts it on `port`. Resolves when it listens, rejects with the reason when it does not. */
  restart(port?: number): Promise<void>;
  watch(listener: (state: SupervisorState) => void): void;
}

export interface SupervisorOptions {
  fork(port: number): GatewayChild;
  port: number;
  /** First pause before a restart; doubles with every crash in a row. */
  backoffMs?: number;
  /** The gateway gives open answers 30 s; this much later it is killed. */
  stopTimeoutMs?: number;
}

const maxBackoffMs = 10_000;
/** This many crashes in a row without having listened, and we stop trying. */
const maxFailedStarts = 5;
/** One that ran this long was sound: its crash starts the count anew. */
const soundAfterMs = 30_000;

/** Keeps one gateway process running: restarts it on the same port when it dies. */
export function createSupervisor({ fork, port: firstPort, backoffMs = 200, stopTimeoutMs = 33_000 }: SupervisorOptions): Supervisor {
  const listeners: ((state: SupervisorState) => void)[] = [];
  let state: SupervisorState = { gateway: 'starting', url: null, message: null };
  let port = firstPort;
  let child: GatewayChild | null = null;
  let gone: Promise<void> = Promise.resolve();
  let crashes = 0;
  let listeningSince = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function enter(gateway: SupervisorState['gateway'], changes: Partial<SupervisorState> = {}): void {
    state = { ...state, message: null, ...changes, gateway };
    for (const listener of listeners) listener(state);
  }

  function spawn(): void {
    timer = null;
    listeningSince = 0;
    let failure: string | null = null;
    const started = fork(port);
    child = started;
    started.onMessage((message) => {
      if (child !== started) return;
      if (message.type === 'failed') failure = message.message;
      if (message.type !== 'listening' || state.gateway === 'stopping') return;
      port = message.port;
      listeningSince = Date.now();
      enter('running', { url: message.url });
    });
    gone = new Promise((resolve) => {
      started.onExit((code) => {
        resolve();
        if (child !== started) return;
        child = null;
        if (state.gateway !== 'stopping') recover(failure, code);
      });
    });
  }

  function recover(failure: string | null, code: number | null): void {
    const lived = listeningSince !== 0;
    crashes = lived && Date.now() - listeningSince > soundAfterMs ? 1 : crashes + 1;
    // It said why it cannot start: trying again at once would change nothing.
    if ((failure !== null && state.gateway === 'starting') || crashes > maxFailedStarts) {
      const count = `The gateway stopped ${crashes} times in a row${code === null ? '' : ` (code ${code})`}.`;
      enter('failed', { message: failure ?? count });
      return;
    }
    enter('restarting', { message: failure });
    timer = setTimeout(spawn, Math.min(maxBackoffMs, backoffMs * 2 ** (crashes - 1)));
  }

  async function stop(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    enter('stopping');
    const stopping = child;
    if (stopping === null) return;
    stopping.send({ type: 'stop' });
    const deadline = setTimeout(() => stopping.kill(), stopTimeoutMs);
    await gone;
    clearTimeout(deadline);
  }

  function start(): void {
    if (child !== null || timer !== null) return;
    crashes = 0;
    enter('starting');
    spawn();
  }

  function settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = ({ gateway, message }: SupervisorState): void => {
        if (gateway === 'starting' || gateway === 'restarting') return;
        listeners.splice(listeners.indexOf(look), 1);
        if (gateway === 'running') resolve();
        else reject(new Error(message ?? 'The gateway is being stopped.'));
      };
      listeners.push(look);
    });
  }

  return {
    get state() {
      return state;
    },
    get pid() {
      return child?.pid;
    },
    get port() {
      return port;
    },
    start,
    stop,
    async restart(nextPort = port) {
      await stop();
      port = nextPort;
      const outcome = settled();
      start();
      await outcome;
    },
    watch: (listener) => void listeners.push(listener),
  };
}
