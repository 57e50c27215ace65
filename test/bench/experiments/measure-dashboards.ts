import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { SpendReport } from '../../../src-main/contract/entities.ts';
import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import { median } from '../load/statistics.ts';
import type { GatewaySubject } from '../subjects/gateway.ts';

const WARM_RUNS = 15;
const DAYS = 30;

/** What the overview asks: name → path of the admin API. */
function renderDashboards(now: number): Record<string, string> {
  const range = `from=${now - DAYS * 86_400_000}&to=${now}`;
  return {
    'by model': `/admin/spend?groupBy=model&${range}`,
    'by provider': `/admin/spend?groupBy=provider&${range}`,
    'by caller': `/admin/spend?groupBy=caller&${range}`,
    'by day': `/admin/spend?groupBy=day&${range}`,
    'by day in a zone': `/admin/spend?groupBy=day&${range}&timeZone=Asia/Kolkata`,
    'by tag': `/admin/spend?groupBy=tag:feature&${range}`,
    'a tag by day': `/admin/spend?groupBy=day&tag=env:prod&${range}`,
    'a tag by model': `/admin/spend?groupBy=model&tag=team:team-1&${range}`,
  };
}

const lists: Record<string, string> = {
  newest: '/admin/calls?limit=50',
  'errors of a model': '/admin/calls?limit=50&status=error&model=xai-model-2',
  'of a tag': '/admin/calls?limit=50&tag=feature:feature-7',
  'of a rare tag and a model': '/admin/calls?limit=50&tag=ticket&model=gemini-model-3',
  'of a caller': '/admin/calls?limit=50&caller=key_caller2',
  'interrupted ones': '/admin/calls?limit=50&status=interrupted',
};

const searches: Record<string, string> = {
  'a common word': '/admin/calls?limit=50&search=word1',
  'two words': '/admin/calls?limit=50&search=word3%20word40',
  'a rare word': '/admin/calls?limit=50&search=word19000',
  'three words, few hits': '/admin/calls?limit=50&search=word9%20word25%20word300',
};

export async function measureDashboards(lab: Lab, dataDir: string): Promise<Measured[]> {
  const dashboards = renderDashboards(Date.now());
  const tollgate = await lab.startTollgate(dataDir);
  try {
    await checkTotals(lab, tollgate, dashboards['by model'] ?? '');
    const warm = await timeAll(tollgate, dashboards);
    const list = await timeAll(tollgate, lists);
    const search = await timeAll(tollgate, searches);
    await tollgate.process.stop();
    const cold = await timeCold(lab, dataDir, dashboards);
    return [
      { row: 'dashboard-warm', ...findSlowest(warm) },
      { row: 'dashboard-cold', ...findSlowest(cold) },
      { row: 'list', ...findSlowest(list) },
      { row: 'search', ...findSlowest(search) },
    ];
  } finally {
    await tollgate.process.stop();
  }
}

/** A dashboard that is fast because it counts less than all is no dashboard. */
async function checkTotals(lab: Lab, tollgate: GatewaySubject, path: string): Promise<void> {
  const { totals, groups } = await tollgate.readAdmin<SpendReport>(path);
  const grouped = groups.reduce((sum, group) => sum + group.calls, 0);
  const seeded = lab.options.ledgerCalls;
  if (grouped !== totals.calls || totals.calls < seeded * 0.98 || totals.calls > seeded * 1.01) {
    throw new Error(`30 days have ${totals.calls} calls (${grouped} in groups), ${seeded} were made`);
  }
}

async function timeAll(tollgate: GatewaySubject, paths: Record<string, string>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const [name, path] of Object.entries(paths)) {
    const runs: number[] = [];
    await tollgate.readAdmin(path);
    for (let run = 0; run < WARM_RUNS; run++) runs.push(await timeOne(tollgate, path));
    times.set(name, median(runs));
  }
  return times;
}

/** Each as the first question to a fresh process, with nothing of the database in memory. */
async function timeCold(lab: Lab, dataDir: string, paths: Record<string, string>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const [name, path] of Object.entries(paths)) {
    const tollgate = await lab.startTollgate(dataDir);
    await tollgate.process.settle();
    dropFromPageCache(join(dataDir, 'traces.db'));
    times.set(name, await timeOne(tollgate, path));
    await tollgate.process.stop();
  }
  return times;
}

function dropFromPageCache(file: string): void {
  execFileSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' });
}

async function timeOne(tollgate: GatewaySubject, path: string): Promise<number> {
  const startedAt = performance.now();
  await tollgate.readAdmin(path);
  return performance.now() - startedAt;
}

function findSlowest(times: ReadonlyMap<string, number>): { value: number; detail: string } {
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  return { value: sorted[0]?.[1] ?? Number.NaN, detail: sorted.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ') };
}
