import type { CallSummary } from '../../src-main/contract/entities.ts';

/** How a call ended, or that it runs. */
export const statusWords: Record<CallSummary['status'], string> = {
  started: 'running',
  ok: 'ok',
  error: 'error',
  client_aborted: 'stopped by caller',
  upstream_truncated: 'cut short',
  interrupted: 'interrupted',
  blocked: 'blocked',
};
