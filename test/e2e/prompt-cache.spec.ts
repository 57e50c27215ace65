import { expect } from '@playwright/test';
import { holdCachedConversation } from './cached-conversation.ts';
import { test } from './window-test.ts';

test('a conversation shows that its cached prefix holds, and where it broke', async ({ gateway, openWindow }) => {
  const { first, held, broken } = await holdCachedConversation(gateway);

  const { page, visit } = await openWindow(`/calls/${held}`);
  await page.getByText('Prompt cache: the first 2 messages are as in the call before.').waitFor();
  await page.getByText('2 earlier messages, unchanged').waitFor();
  await page.getByRole('link', { name: 'the call before' }).click();
  await page.waitForURL(`**/calls/${first}*`);
  await expect(page.getByText('Prompt cache')).toHaveCount(0);

  await visit(`/calls/${broken}`);
  await page.getByText('no more than the first 2 of its 4 messages could be read from a cache').waitFor();
  const mark = page.getByText('the cached prefix ends here');
  expect(await mark.count()).toBe(0);
  await page.getByText('4 earlier messages, one of them changed').click();
  await expect(page.locator('section[data-role]', { has: mark })).toContainText('shortened by a tool');
});
