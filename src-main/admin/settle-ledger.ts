import type { AdminServices } from './admin-services.ts';

/**
 * Lets a read see every call whose end its caller has seen. A ledger in trouble must not take the pages down with it:
 * after a second they show what is committed.
 */
export async function settleLedger({ ledger }: Pick<AdminServices, 'ledger'>): Promise<void> {
  if (ledger.health.pendingRecords === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 1000);
  try {
    await Promise.race([ledger.flush(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
