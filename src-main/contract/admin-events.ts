import type { CallSummary } from './entities.ts';

/**
 * Pushed over `GET /admin/events` (SSE, `id:` resumable). Events say that something happened; pages re-query what they
 * show. `call-started` and `call-finished` carry the row so that a live list needs no query.
 */
export type AdminEvent =
  | {
      type: 'call-started';
      at: number;
      call: Pick<CallSummary, 'id' | 'startedAt' | 'provider' | 'model' | 'requestedModel' | 'stream' | 'tags' | 'client'>;
    }
  | { type: 'call-finished'; at: number; call: CallSummary }
  | { type: 'config-changed'; at: number; what: 'providers' | 'keys' | 'settings' | 'prices' | 'vault' }
  /** Events were missed that are no longer remembered: query everything again. */
  | { type: 'gap'; at: number }
  | { type: 'health-changed'; at: number; state: 'ok' | 'degraded'; message: string | null };
