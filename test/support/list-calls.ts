import type { CallSummary } from '../../src-main/contract/entities.ts';
import type { GatewayClient } from './test-gateway-client.ts';

/** Every row of the ledger, newest first. */
export async function listCalls({ admin }: Pick<GatewayClient, 'admin'>): Promise<CallSummary[]> {
  const rows: CallSummary[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: CallSummary[]; nextCursor: string | null } = await admin(
      `/admin/calls?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}
