import { join } from 'node:path';
import { seedLedger } from '../../support/seed-ledger.ts';
import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import type { Experiment } from './experiment.ts';
import { measureDashboards } from './measure-dashboards.ts';
import { measureSpendCommand } from './measure-spend-command.ts';
import { measureStart } from './measure-start.ts';

/** Everything that must not grow slow with the years: one database of a million calls, made once. */
export const bigLedgerExperiment: Experiment = {
  rows: ['start', 'dashboard-warm', 'dashboard-cold', 'list', 'search', 'cli-spend'],
  async run(lab, wants) {
    const dataDir = lab.openDir('big-ledger');
    const calls = lab.options.ledgerCalls;
    lab.say(`  writing ${calls} calls`);
    seedLedger(join(dataDir, 'traces.db'), { calls, days: 30, seed: 5, endMs: Date.now() - 60_000 });
    await settleIn(lab, dataDir);
    const measured: Measured[] = [];
    if (wants('start')) measured.push(await measureStart(lab, dataDir));
    if (wants('cli-spend')) measured.push(await measureSpendCommand(lab, dataDir));
    if (['dashboard-warm', 'dashboard-cold', 'list', 'search'].some(wants)) measured.push(...(await measureDashboards(lab, dataDir)));
    return measured;
  },
};

/** The first start with a data folder makes keys and settings; that is installation, not start-up. */
async function settleIn(lab: Lab, dataDir: string): Promise<void> {
  const tollgate = await lab.startTollgate(dataDir);
  await tollgate.process.settle();
  await tollgate.process.stop();
}
