import process from 'node:process';
import type { Status } from '../contract/entities.ts';
import { parseCallId } from '../domain/call-id.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { type AdminHandlers, RenderedReply } from './admin-handler-types.ts';
import type { AdminServices } from './admin-services.ts';
import { settleLedger } from './settle-ledger.ts';

type CallHandlers = Pick<
  AdminHandlers,
  'readStatus' | 'listCalls' | 'readCall' | 'readCallBodies' | 'deleteCall' | 'listTags' | 'listConversations'
>;

/** Reads of the ledger, and the deletion of one call. */
export function createCallHandlers(services: AdminServices): CallHandlers {
  const { ledger, reader } = services;
  return {
    readStatus: () => readStatus(services),
    listCalls: async ({ query }) => {
      await settleLedger(services);
      return reader.listCalls(query);
    },
    readCall: async ({ params }) => {
      const id = readId(params.id);
      await settleLedger(services);
      const call = (await reader.readCall(id)) ?? throwNoCall(params.id);
      return { ...call, costLines: services.prices.explain(call.priceRow, call.usage) };
    },
    readCallBodies: async ({ params }) => {
      const id = readId(params.id);
      await settleLedger(services);
      return new RenderedReply((await reader.renderBodies(id)) ?? throwNoCall(params.id));
    },
    deleteCall: async ({ params }) => {
      const id = readId(params.id);
      await settleLedger(services);
      if ((await reader.readCall(id)) === null) throwNoCall(params.id);
      await ledger.deleteCall(id);
      return { ok: true };
    },
    listTags: async () => ({ tags: await reader.listTags() }),
    listConversations: async ({ query }) => {
      await settleLedger(services);
      return reader.listConversations(query);
    },
  };
}

async function readStatus(services: AdminServices): Promise<Status> {
  await settleLedger(services);
  const { state, message, droppedBodies, pendingRecords } = services.ledger.health;
  return {
    version: services.version,
    url: services.url(),
    pid: process.pid,
    startedAt: services.startedAt,
    dataDir: services.dataDir,
    vault: services.vault.describe(),
    ledger: { state, message, droppedBodies, pendingRecords },
    providers: services.providers.list(),
    callerKeys: services.callerKeys.list().filter((key) => key.revokedAt === null).length,
    today: await services.reader.readTotals(new Date(services.clock()).setHours(0, 0, 0, 0)),
  };
}

function readId(text: string): number {
  return parseCallId(text) ?? throwNoCall(text);
}

function throwNoCall(id: string): never {
  throw new GatewayError('not_found', `There is no call ${JSON.stringify(id)}. Ids look like "call_0123456789a".`, { param: 'id' });
}
