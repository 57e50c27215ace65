import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { readCpuUs, readProcessTree, readPssMb, readRssMb } from '../../bench/subjects/process-usage.ts';
import { type DesktopApp, until } from '../../support/desktop-app.ts';
import { test } from './desktop-test.ts';

const measuredMs = 15_000;
/** Of a core. What has just started or closed still works for a while. */
const calmShare = 0.03;

interface IdleUse {
  processes: number;
  rssMb: number;
  pssMb: number;
  /** Of one core. */
  cpuShare: number;
}

async function readCpuShare(pids: readonly number[], withinMs: number): Promise<number> {
  const before = readCpuUs(pids);
  await pause(withinMs);
  return (readCpuUs(pids) - before) / 1_000 / withinMs;
}

/** CPU over the time measured, memory after it. */
async function measureIdle({ pid, gatewayPid }: DesktopApp): Promise<{ gateway: IdleUse; app: IdleUse }> {
  await until(async () => (await readCpuShare(readProcessTree(pid), 1_000)) < calmShare);
  const app = readProcessTree(pid);
  const gateway = [await gatewayPid()];
  const [appShare, gatewayShare] = await Promise.all([readCpuShare(app, measuredMs), readCpuShare(gateway, measuredMs)]);
  const read = (pids: readonly number[], cpuShare: number): IdleUse => {
    return { processes: pids.length, rssMb: readRssMb(pids), pssMb: readPssMb(pids), cpuShare };
  };
  return { gateway: read(gateway, gatewayShare), app: read(app, appShare) };
}

function countRenderers(pid: number): number {
  return readProcessTree(pid).filter((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('--type=renderer')).length;
}

function print(name: string, { processes, rssMb, pssMb, cpuShare }: IdleUse): void {
  console.log(`${name}: ${processes} processes, RSS ${rssMb.toFixed(0)}, PSS ${pssMb.toFixed(0)} MB, CPU ${(cpuShare * 100).toFixed(2)} %`);
}

test('takes next to nothing while idle, and gives the window’s memory back when it is closed', async ({ desktop }) => {
  test.setTimeout(90_000);
  const page = await desktop.page();
  await page.waitForSelector('main#content');
  const open = await measureIdle(desktop);
  print('window open, gateway', open.gateway);
  print('window open, whole app', open.app);
  expect(countRenderers(desktop.pid)).toBe(1);
  await page.close();
  await until(async () => countRenderers(desktop.pid) === 0);
  const closed = await measureIdle(desktop);
  print('window closed, gateway', closed.gateway);
  print('window closed, whole app', closed.app);
  expect(closed.app.pssMb).toBeLessThan(open.app.pssMb - 20);
  for (const { gateway } of [open, closed]) {
    expect(gateway.cpuShare).toBeGreaterThan(0);
    expect(gateway.cpuShare).toBeLessThan(0.01);
  }
});
