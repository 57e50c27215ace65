import type { AdminHandlers } from './admin-handler-types.ts';
import type { AdminServices } from './admin-services.ts';
import { createCallHandlers } from './call-handlers.ts';
import { createReportHandlers } from './report-handlers.ts';
import type { UiSessions } from './ui-sessions.ts';

/** What each endpoint of the admin API does: setup here, recorded calls in call-handlers, sums over them in report-handlers. */
export function createAdminHandlers(services: AdminServices, sessions: UiSessions): AdminHandlers {
  const { callerKeys, prices, providers, settings, vault } = services;
  return {
    ...createCallHandlers(services),
    ...createReportHandlers(services),
    listProviders: async () => ({ items: providers.list() }),
    findLocalServers: async () => ({ items: await providers.findLocal() }),
    saveProvider: ({ body }) => providers.save(body),
    testProvider: ({ params }) => providers.test(params.id),
    removeProvider: async ({ params }) => {
      await providers.remove(params.id);
      return { ok: true };
    },
    listCallerKeys: async () => ({ items: callerKeys.list() }),
    createCallerKey: ({ body }) => callerKeys.create(body),
    revokeCallerKey: ({ params }) => callerKeys.revoke(params.id),
    readSettings: async () => settings.read(),
    saveSettings: ({ body }) => settings.save(body),
    listPriceOverrides: async () => ({ items: [...prices.listOverrides()] }),
    savePriceOverrides: async ({ body }) => ({ items: [...(await prices.saveOverrides(body.items))] }),
    retryVault: async () => ({ state: await vault.retry() }),
    unlockVault: ({ body }) => vault.unlock(body.passphrase),
    moveVault: ({ body }) => vault.move(body.kind, body.passphrase ?? null),
    createUiCode: async () => ({ code: sessions.createCode() }),
  };
}
