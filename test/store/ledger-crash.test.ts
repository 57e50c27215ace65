import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STATUS_INTERRUPTED, STATUS_OK, STATUS_STARTED } from '../../src-main/store/codes.ts';
import { makeDataDir, readTraces, startLedger } from './ledger-support.ts';

const child = fileURLToPath(new URL('ledger-crash-child.ts', import.meta.url));

/** Runs a ledger under load in a process of its own and kills it in the middle. @returns the ids it said were recorded */
function runAndKill(dataDir: string, afterMs: number): Promise<{ started: number[]; ended: number[] }> {
  return new Promise((resolve, reject) => {
    const started: number[] = [];
    const ended: number[] = [];
    const process_ = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let isTimed = false;
    createInterface({ input: process_.stdout }).on('line', (line) => {
      // Only the kill may end it, and only in the middle of the load.
      if (!isTimed) setTimeout(() => process_.kill('SIGKILL'), afterMs);
      isTimed = true;
      const [word, ids = ''] = line.split(' ');
      (word === 'started' ? started : ended).push(...ids.split(',').map(Number));
    });
    process_.on('error', reject);
    process_.on('close', () => resolve({ started, ended }));
  });
}

describe('kill -9', () => {
  it('H1: loses no record that was acknowledged, in 20 crashes of one ledger', { timeout: 120_000 }, async () => {
    const dataDir = makeDataDir();
    const started = new Set<number>();
    const ended = new Set<number>();
    for (let cycle = 0; cycle < 20; cycle++) {
      const acknowledged = await runAndKill(dataDir, 5 + cycle * 8);
      expect(acknowledged.ended.length).toBeGreaterThan(0);
      for (const id of acknowledged.started) started.add(id);
      for (const id of acknowledged.ended) ended.add(id);
    }
    await (await startLedger(dataDir)).close();

    readTraces(dataDir, (db) => {
      expect(db.pragma('quick_check', { simple: true })).toBe('ok');
      const statuses = new Map(
        db
          .prepare<[], { id: number; status: number }>('SELECT id, status FROM calls')
          .all()
          .map(({ id, status }) => [id, status]),
      );
      expect([...ended].filter((id) => statuses.get(id) !== STATUS_OK)).toEqual([]);
      expect([...started].filter((id) => !statuses.has(id))).toEqual([]);
      // J10: every call is in the sums once, and none is left open.
      const count = (status: number) => [...statuses.values()].filter((other) => other === status).length;
      expect(count(STATUS_STARTED)).toBe(0);
      expect(count(STATUS_OK) + count(STATUS_INTERRUPTED)).toBe(statuses.size);
      expect(count(STATUS_INTERRUPTED)).toBeGreaterThan(0);
      for (const table of ['spend_hourly', 'spend_daily', 'spend_target_hourly']) {
        expect(db.prepare(`SELECT sum(calls) AS calls, sum(failed) AS failed FROM ${table}`).get()).toEqual({
          calls: statuses.size,
          failed: count(STATUS_INTERRUPTED),
        });
      }
    });
  });
});
