import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createBodySender } from '../../src-main/store/open-ledger/body-sender.ts';

function startSender() {
  const told: string[] = [];
  const sender = createBodySender({
    maxBytes: 10_000_000,
    send: ({ isGiven, completed }) => told.push(`${isGiven ? 'given' : 'copied'} ${completed}`),
    onWaiting: () => undefined,
    onBigSent: () => told.push('big sent'),
  });
  const ownMemory = (length: number): Buffer => Buffer.allocUnsafeSlow(length).fill('x');
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await nextTurn();
  };
  return { told, sender, ownMemory, turns };
}

it('has a big body written at once, with what came beside it, for its memory', async () => {
  const { told, sender, ownMemory, turns } = startSender();
  sender.add(1, { request: ownMemory(800_000), response: [Buffer.from('answer')] });
  await turns();
  expect(told).toEqual(['given 1', 'copied 1', 'big sent']);
});

it('asks for nothing at once where bodies are small, not even when a packet is full of them', async () => {
  const { told, sender, turns } = startSender();
  for (let id = 1; id <= 100; id++) sender.add(id, { request: Buffer.alloc(4_000, 'x'), response: null });
  await turns();
  expect(told).toEqual(['copied 65', 'copied 35']);
});
