import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreError } from '../../src-main/store/store-error.ts';
import { callThread, serveThread } from '../../src-main/store/thread-rpc.ts';

type Methods = {
  double(value: number): number;
  later(value: string): Promise<string>;
  fail(error: unknown): never;
  size(bytes: Uint8Array): number;
  give(from: number): Uint8Array;
};

const memory = new Uint8Array(new ArrayBuffer(1_000)).fill(7);

function connect() {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  serveThread<Methods>(port2, {
    double: (value) => value * 2,
    later: async (value) => `${value}!`,
    fail: (error) => {
      throw error === 'full'
        ? Object.assign(new Error('no room'), { code: 'SQLITE_FULL' })
        : new StoreError('bad_request', 'no such thing');
    },
    size: (bytes) => bytes.byteLength,
    give: (from) => memory.subarray(from),
  });
  return callThread<Methods>(port1);
}

describe('thread rpc', () => {
  it('answers each call with its own value', async () => {
    const thread = connect();
    expect(await Promise.all([thread.call('double', 2), thread.call('later', 'a'), thread.call('double', 4)])).toEqual([4, 'a!', 8]);
  });

  it('carries errors as code and message', async () => {
    const thread = connect();
    await expect(thread.call('fail', '')).rejects.toMatchObject({ name: 'StoreError', code: 'bad_request', message: 'no such thing' });
    await expect(thread.call('fail', 'full')).rejects.toMatchObject({ code: 'disk_full', message: 'no room' });
    await expect(callUnknown(thread)).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('moves buffers instead of copying them', async () => {
    const bytes = new Uint8Array(1_000);
    expect(await connect().call('size', bytes, [bytes.buffer])).toBe(1_000);
    expect(bytes.byteLength).toBe(0);
  });

  it('gives away an answer that has its memory to itself, and copies one that has not', async () => {
    const thread = connect();
    expect(await thread.call('give', 990)).toEqual(new Uint8Array(10).fill(7));
    expect(memory.byteLength).toBe(1_000);
    expect(await thread.call('give', 0)).toEqual(new Uint8Array(1_000).fill(7));
    expect(memory.byteLength).toBe(0);
  });

  it('rejects open and later calls when the thread has ended', async () => {
    const thread = connect();
    const open = thread.call('later', 'a');
    thread.stop('gone');
    await expect(open).rejects.toMatchObject({ code: 'thread_stopped', message: 'gone' });
    await expect(thread.call('double', 1)).rejects.toMatchObject({ code: 'thread_stopped' });
    thread.tell('double', 1);
  });
});

function callUnknown(thread: ReturnType<typeof connect>): Promise<unknown> {
  return thread.call('missing' as 'double', 1);
}
