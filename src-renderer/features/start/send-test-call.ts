import { demoModel } from '../../product/use-tool-model.ts';

/**
 * A call like a tool's own, to a model inside the gateway.
 * @throws Error with the gateway's sentence
 */
export async function sendTestCall(secret: string): Promise<void> {
  const reply = await fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: demoModel, messages: [{ role: 'user', content: 'Hello from the start page.' }] }),
  });
  if (reply.ok) return;
  const body = (await reply.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Error(body?.error?.message ?? `The gateway answered ${reply.status}.`);
}
