import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src-main/contract/entities.ts';
import { unpackBlock } from '../../src-main/store/blocks.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { callerPaths } from '../support/caller-paths.ts';
import { readTree } from '../support/find-bytes.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** Words of a prompt and of an answer. The index writes the beginnings that words share only once, so it is their ends that are looked for. */
const prompt = { whole: 'qzprompt7f3awombat', end: '7f3awombat' };
const answer = { whole: 'zqanswer9c1equokka', end: '9c1equokka' };
const words = [prompt.end, answer.end];

/** Which of the words any file or any packed block of the data folder holds: "wombat in traces.db". */
function findWords(dataDir: string, wanted: readonly string[] = words): string[] {
  const db = openDatabase(join(dataDir, 'traces.db'), { readonly: true, synchronous: 'NORMAL' });
  const blocks = db.prepare<[], { id: number; kind: number; data: Buffer }>('SELECT id, kind, data FROM blocks').all();
  db.close();
  const texts = [
    ...readTree(dataDir).map(({ path, bytes }) => ({ by: path.slice(dataDir.length + 1), bytes })),
    ...blocks.map(({ id, kind, data }) => ({ by: `block ${id}`, bytes: unpackBlock(kind, data) })),
  ];
  return wanted.flatMap((word) => texts.filter(({ bytes }) => bytes.includes(word)).map(({ by }) => `${word} in ${by}`));
}

/** One call of each kind with the prompt, answered with the answer; also a failed one. Gives their ids. */
async function talk(tollgate: TestGateway): Promise<string[]> {
  const ids: string[] = [];
  for (const path of callerPaths) {
    for (const stream of [false, true]) {
      const { path: target, body } = path.request(prompt.whole, stream);
      const good = await tollgate.post(target, body);
      expect(good.status).toBe(200);
      // Providers quote prompts in their errors.
      tollgate.upstream.enqueue({ body: { error: { message: `${answer.whole} in ${prompt.whole}` } }, status: stream ? 200 : 400 });
      const odd = await tollgate.post(target, body);
      ids.push(...[good, odd].map(({ headers }) => headers['x-tollgate-call-id'] ?? ''));
    }
  }
  const echo = await tollgate.post('/v1/chat/completions', {
    model: 'demo/echo',
    messages: [{ role: 'user', content: `${prompt.whole} ${answer.whole}` }],
  });
  expect(echo.text).toContain(prompt.whole);
  ids.push(echo.headers['x-tollgate-call-id'] ?? '');
  for (const id of ids) await tollgate.readCall(id);
  return ids;
}

async function readWords(recording: Settings['recording']): Promise<{ found: string[]; bodies: unknown[] }> {
  const dataDir = makeTemporaryFolder();
  const tollgate = await openTestGateway({ dataDir, settings: { recording } });
  const ids = await talk(tollgate);
  const bodies = await Promise.all(ids.map((id) => tollgate.readBodies(id)));
  await tollgate.close();
  return { found: findWords(dataDir), bodies };
}

describe('G11: what is recorded', () => {
  it.each(['metadata', 'off'] as const)('recording "%s" leaves no word of any prompt or answer in any file', async (recording) => {
    const { found, bodies } = await readWords(recording);
    expect(found).toEqual([]);
    for (const body of bodies) expect(body).toMatchObject({ request: null, response: null, upstreamRequest: null, upstreamResponse: null });
  });

  it('negative control: recording "full" leaves them, and the search finds them', async () => {
    const { found } = await readWords('full');
    for (const word of words) expect(found.filter((line) => line.startsWith(word)).length).toBeGreaterThan(0);
  });
});

it('G11: a deleted call is gone from database, index, write-ahead log and journal while the gateway runs; its neighbour stays', async () => {
  const dataDir = makeTemporaryFolder();
  const tollgate = await openTestGateway({ dataDir });
  const kept = { whole: 'qykept5d2bnumbat', end: '5d2bnumbat' };
  const ask = (content: string) =>
    tollgate.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content }] }, { 'x-tags': 'kind:test' });
  const doomed = await ask(prompt.whole);
  const neighbour = await ask(kept.whole);
  const search = async (word: string) => (await tollgate.admin<{ items: { id: string }[] }>(`/admin/calls?search=${word}`)).items.length;
  // The index is filled when there is nothing better to do.
  await expect.poll(() => search(prompt.whole), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => search(kept.whole), { timeout: 10_000 }).toBe(1);
  expect(findWords(dataDir, [prompt.end])).not.toEqual([]);

  await tollgate.admin(`/admin/calls/${doomed.headers['x-tollgate-call-id']}`, { method: 'DELETE' });
  expect(findWords(dataDir, [prompt.end])).toEqual([]);
  expect(await search(prompt.whole)).toBe(0);
  expect(findWords(dataDir, [kept.end])).not.toEqual([]);
  expect(await search(kept.whole)).toBe(1);
  expect((await tollgate.readBodies(neighbour)).request).toContain(kept.whole);
  await tollgate.close();
  expect(findWords(dataDir, [prompt.end])).toEqual([]);
});
