import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readErrorMessage } from '../support/caller-paths.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { watchRss, watchStall } from '../support/watch-process.ts';

const megabyte = 1024 * 1024;
const atOnce = 50;
let tollgate: TestGateway;

beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());

/** 200 MiB of blanks in some 200 KB (less for br and zstd), made without ever holding them. */
async function makeBomb(compressor: Transform): Promise<Buffer> {
  const packed: Buffer[] = [];
  compressor.on('data', (chunk: Buffer) => packed.push(chunk));
  const blank = Buffer.alloc(megabyte, 0x20);
  for (let written = 0; written < 200; written++) if (!compressor.write(blank)) await once(compressor, 'drain');
  compressor.end();
  await once(compressor, 'end');
  return Buffer.concat(packed);
}

it.each([
  ['gzip', () => createGzip()],
  ['deflate', () => createDeflate()],
  // At its best brotli takes half a minute to pack blanks; it unpacks them all the same.
  ['br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ['zstd', () => createZstdCompress()],
])(
  `C5: ${atOnce} %s bombs at once are refused with 413, within 200 MB and without a stall`,
  { timeout: 60_000 },
  async (encoding, createCompressor) => {
    const bomb = await makeBomb(createCompressor());
    const headers = { 'content-encoding': encoding };
    const rss = watchRss();
    // The first one of its kind compiles code.
    expect((await tollgate.send('/v1/messages', { method: 'POST', body: bomb, headers })).status).toBe(413);
    const stall = watchStall();
    const startedAt = performance.now();
    const replies = await Promise.all(
      Array.from({ length: atOnce }, () => tollgate.send('/v1/messages', { method: 'POST', body: bomb, headers })),
    );
    const tookMs = performance.now() - startedAt;
    const { ms: stallMs, busyMs } = stall.end();
    const rssBytes = rss.end();
    console.log(
      `C5: ${atOnce} ${encoding} bombs of ${(bomb.length / 1024).toFixed(0)} KB: RSS +${(rssBytes / 1e6).toFixed(0)} MB, longest stall ${stallMs.toFixed(0)} ms (${busyMs.toFixed(0)} ms of work), all refused after ${tookMs.toFixed(0)} ms`,
    );
    for (const reply of replies) {
      expect(reply.status).toBe(413);
      expect(readErrorMessage('anthropic-messages', reply.json())).toContain('64 MiB');
      expect(await tollgate.readCall(reply)).toMatchObject({ status: 'error', httpStatus: 413, error: { code: 'payload_too_large' } });
    }
    expect(tollgate.upstream.requests).toHaveLength(0);
    expect(rssBytes).toBeLessThan(200e6);
    // 5 to 11 ms of work, on a loaded machine too.
    expect(busyMs).toBeLessThan(100);
    // By the clock 10 to 60 ms on a quiet machine; 80 ms with four busy programs on two processors, and other tests run beside this one.
    expect(stallMs).toBeLessThan(250);
  },
);

it('C5: a bomb inside a bomb is not opened twice, and one of many members is still one', async () => {
  const bomb = await makeBomb(createGzip());
  const headers = { 'content-encoding': 'gzip' };
  expect((await tollgate.send('/v1/responses', { method: 'POST', body: gzipSync(bomb), headers })).status).toBe(400);
  const members = Buffer.concat(Array.from({ length: 3 }, () => bomb));
  expect((await tollgate.send('/v1/responses', { method: 'POST', body: members, headers })).status).toBe(413);
});

it('C5: good compressed bodies pass while bombs go off', async () => {
  const bomb = await makeBomb(createGzip());
  const headers = { 'content-encoding': 'gzip' };
  const bombs = Promise.all(Array.from({ length: 4 }, () => tollgate.send('/v1/messages', { method: 'POST', body: bomb, headers })));
  const body = gzipSync('{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"hi"}]}');
  expect((await tollgate.send('/v1/chat/completions', { method: 'POST', body, headers })).status).toBe(200);
  for (const reply of await bombs) expect(reply.status).toBe(413);
});

it('C5: an honest body that shrinks a thousandfold is taken', async () => {
  const text = `{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"${'a'.repeat(30 * megabyte)}"}]}`;
  const packed = gzipSync(text);
  expect(packed.length * 500).toBeLessThan(text.length);
  const reply = await tollgate.send('/v1/chat/completions', { method: 'POST', body: packed, headers: { 'content-encoding': 'gzip' } });
  expect(reply.status).toBe(200);
  expect(tollgate.upstream.last().body.equals(Buffer.from(text))).toBe(true);
});
