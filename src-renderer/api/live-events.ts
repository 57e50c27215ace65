import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import { forgetToken, readToken, SignedOutError } from './session.ts';

export type LiveState = 'connecting' | 'live' | 'offline' | 'signed-out';

export interface LiveEvents {
  readonly state: LiveState;
  /** Told of every event. Gives the unsubscribe function. */
  subscribe(listener: (event: AdminEvent) => void): () => void;
  /** Told when `state` changes. */
  watch(listener: () => void): () => void;
  close(): void;
}

const firstRetryMs = 250;
const maxRetryMs = 5_000;

/** Follows GET /admin/events for as long as the page lives. With fetch, since EventSource cannot send the token. */
export function openLiveEvents(): LiveEvents {
  const listeners = new Set<(event: AdminEvent) => void>();
  const watchers = new Set<() => void>();
  const closing = new AbortController();
  let state: LiveState = 'connecting';
  let lastId: string | null = null;
  let retryMs = firstRetryMs;

  function setState(next: LiveState): void {
    if (state === next) return;
    state = next;
    for (const watcher of watchers) watcher();
  }

  function deliver(block: string): void {
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) lastId = line.slice(4);
      else if (line.startsWith('data: ')) data += line.slice(6);
    }
    if (data === '') return;
    const event = JSON.parse(data) as AdminEvent;
    for (const listener of listeners) listener(event);
  }

  async function follow(): Promise<void> {
    const token = await readToken();
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (lastId !== null) headers['last-event-id'] = lastId;
    const reply = await fetch('/admin/events', { headers, signal: closing.signal });
    if (reply.status === 401) forgetToken();
    if (!reply.ok || reply.body === null) throw new Error(`events: ${reply.status}`);
    setState('live');
    retryMs = firstRetryMs;
    let text = '';
    for await (const chunk of readText(reply.body)) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) deliver(block);
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await follow();
      } catch (error) {
        setState(error instanceof SignedOutError ? 'signed-out' : 'offline');
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      retryMs = Math.min(maxRetryMs, retryMs * 2);
    }
  }

  void run();
  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    close: () => closing.abort(),
  };
}

async function* readText(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield decoder.decode(part.value, { stream: true });
}
