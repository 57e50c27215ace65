import { expect } from '@playwright/test';
import { test } from './window-test.ts';

const action = "globalThis.__breached='1';alert(1);fetch('https://evil.example/x')";
const encodings = [
  (text: string) => text,
  (text: string) => `"'>${text}`,
  (text: string) => `\`\`\`html\n${text}\n\`\`\`\n\n${text}`,
  (text: string) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;') + text,
  (text: string) => `\u202e${text}\u0000${text}`,
];
const vectors = [
  `<script>${action}</script>`,
  `<img src=x onerror="${action}">`,
  `<svg/onload="${action}">`,
  `<iframe src="javascript:${action}"></iframe>`,
  `<iframe srcdoc="<script>parent.__breached='1'</script>"></iframe>`,
  `<a href="javascript:${action}">click</a>`,
  `[click](javascript:${encodeURIComponent(action)})`,
  `![x](https://evil.example/pixel.png)`,
  `[x]: javascript:${encodeURIComponent(action)}\n\n[click][x]`,
  `<https://evil.example/auto>`,
  `<body onload="${action}">`,
  `<details open ontoggle="${action}">x</details>`,
  `<input autofocus onfocus="${action}">`,
  `<object data="data:text/html,<script>${action}</script>"></object>`,
  `<embed src="https://evil.example/x.swf">`,
  `<link rel=stylesheet href="https://evil.example/x.css">`,
  `<style>@import 'https://evil.example/x.css';</style>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<base href="https://evil.example/">`,
  `<form action="https://evil.example/"><button>go</button></form>`,
  `{{constructor.constructor('${'globalThis.__breached=1'}')()}}`,
  `\${globalThis.__breached='1'}`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror="${action}">`,
  `<video><source onerror="${action}"></video>`,
  `<template><script>${action}</script></template>`,
];
/** 25 vectors × 5 spellings × 4 places = 500. */
const payloads = vectors.flatMap((vector) => encodings.map((encode) => encode(vector)));

/** Header values are bytes of one line. */
const asHeader = (text: string): string =>
  encodeURIComponent(text).replaceAll('%20', ' ').replaceAll('%3C', '<').replaceAll('%3E', '>').replaceAll('%22', '"').slice(0, 200);

test(`${payloads.length * 4} stored payloads in prompts, answers, tool names, tags, model names and errors are inert`, async ({
  gateway,
  openWindow,
}) => {
  test.setTimeout(120_000);
  const ids: string[] = [];
  for (const [index, payload] of payloads.entries()) {
    gateway.upstream.enqueue(
      index % 5 === 4
        ? { status: 400, body: JSON.stringify({ error: { message: payload, type: payload, code: payload } }) }
        : {
            status: 200,
            body: JSON.stringify({
              id: payload,
              object: 'chat.completion',
              model: payload,
              choices: [
                {
                  index: 0,
                  finish_reason: 'tool_calls',
                  message: {
                    role: 'assistant',
                    content: payload,
                    tool_calls: [
                      { id: payload, type: 'function', function: { name: payload, arguments: JSON.stringify({ [payload]: payload }) } },
                    ],
                  },
                },
              ],
              usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
            }),
          },
    );
    const reply = await gateway.post(
      '/v1/chat/completions',
      {
        model: `local/${payload}`,
        messages: [
          { role: 'system', content: payload },
          {
            role: 'user',
            content: [
              { type: 'text', text: payload },
              { type: payload, value: payload },
            ],
          },
        ],
      },
      { 'x-tags': `team:${asHeader(payload).replaceAll(',', '')}`, 'user-agent': asHeader(payload) },
    );
    ids.push(reply.headers['x-tollgate-call-id'] ?? '');
  }
  const { page, visit } = await openWindow('/calls');
  await page.getByText('local', { exact: true }).filter({ visible: true }).first().waitFor();
  const scripts = await page.locator('script').count();
  for (const path of ['/', '/?by=tag%3Ateam', '/connect', '/keys', '/providers', ...ids.map((id) => `/calls/${id}`)]) {
    await page.evaluate((next) => {
      history.pushState(null, '', next);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    if (path.startsWith('/calls/')) await page.getByRole('tab', { name: /Conversation/ }).waitFor();
  }
  await visit(`/calls/${ids.at(-1)}`);
  await page.getByRole('tab', { name: /Raw/ }).click();
  expect(await page.evaluate(() => (globalThis as { __breached?: string }).__breached)).toBeUndefined();
  expect(await page.locator('script').count()).toBe(scripts);
  expect(await page.locator('iframe, object, embed, base, meta[http-equiv], style').count()).toBe(0);
});
