import { test as base, type Page } from '@playwright/test';
import { type SpawnedGateway, spawnTestGateway, type TestGatewayOptions } from '../support/test-gateway.ts';
import type { GatewayClient } from '../support/test-gateway-client.ts';
import { type Problems, watchProblems } from './watch-problems.ts';

/** The window as a user has it: signed in, on one of its pages. */
export interface TestWindow {
  page: Page;
  /** Goes to a page of the window by its address. */
  visit(path: string): Promise<void>;
}

interface WindowFixtures {
  gatewayOptions: TestGatewayOptions;
  /** `tollgate serve`, a process of this test's own with a fake upstream. */
  gateway: SpawnedGateway;
  /** Asserted to be none at the end of every test. */
  problems: Problems;
  /** Default: the first page of this test's gateway. */
  openWindow(path?: string, of?: GatewayClient): Promise<TestWindow>;
}

/** A test of the page that the gateway serves, in Chromium with an empty profile. */
export const test = base.extend<WindowFixtures>({
  gatewayOptions: [{}, { option: true }],
  gateway: async ({ gatewayOptions }, use) => {
    const gateway = await spawnTestGateway(gatewayOptions);
    await use(gateway);
    await gateway.close();
  },
  problems: [
    async ({ context, gateway }, use) => {
      const problems = await watchProblems(context);
      problems.trust(gateway.url);
      await use(problems);
      problems.check();
    },
    { auto: true },
  ],
  openWindow: async ({ context, gateway, problems }, use) => {
    await use(async (path = '/', of = gateway) => {
      problems.trust(of.url);
      const page = await context.newPage();
      const visit = async (next: string): Promise<void> => {
        await page.goto(of.url + next);
        await page.getByRole('heading', { level: 1 }).waitFor();
      };
      const { code } = await of.admin<{ code: string }>('/admin/ui-code', { method: 'POST' });
      await page.goto(`${of.url}/#code=${code}`);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      // The frame is there before the code of the address has been answered; leaving before that would lose the session.
      await page.waitForFunction(() => sessionStorage.getItem('tollgate-token') !== null);
      if (path !== '/') await visit(path);
      return { page, visit };
    });
  },
});
