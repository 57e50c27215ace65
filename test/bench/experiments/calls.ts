import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import { checkReplies } from '../load/check-replies.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { median, renderSpread } from '../load/statistics.ts';
import { createPlainSubject, createRequests, type Subject } from '../subjects/subject.ts';
import { type CaseId, cases } from '../traffic/cases.ts';
import { WHOLE_OUTPUT_TOKENS } from '../upstream/reply-formats.ts';
import type { Experiment } from './experiment.ts';
import { type LoadCell, type LoadSample, runLoadCell } from './load-cells.ts';

/** Rows → the load they are read from. */
const rows: Record<string, LoadCell> = {
  'cpu-o2o': { kind: 'calls', id: 'o2o' },
  'cpu-a2a': { kind: 'calls', id: 'a2a' },
  'cpu-o2a': { kind: 'calls', id: 'o2a' },
  'cpu-o2g': { kind: 'calls', id: 'o2g' },
  'ttft-o2o': { kind: 'first-token', id: 'o2o' },
  'ttft-o2a': { kind: 'first-token', id: 'o2a' },
  'token-o2o': { kind: 'paced', id: 'o2o' },
  'token-o2a': { kind: 'paced', id: 'o2a' },
  'chunk-o2o': { kind: 'paced', id: 'o2o' },
  'chunk-o2a': { kind: 'paced', id: 'o2a' },
  image: { kind: 'image', id: 'o2o' },
  text: { kind: 'text', id: 'o2o' },
};

const WARM_UP_CHUNKS = 200;
const PACED_WARM_UPS = 4;

/** Samples of a cell by subject, one a round. */
type Samples = Record<Subject['name'], LoadSample[]>;

/** What a call costs on its way: mock, relay and Tollgate take turns, so that all see the machine in the same moods. */
export const callsExperiment: Experiment = {
  rows: Object.keys(rows),
  async run(lab, wants) {
    const wanted = Object.entries(rows).filter(([row]) => wants(row));
    const cells = [...new Map(wanted.map(([, cell]) => [`${cell.kind} ${cell.id}`, cell])).entries()];
    const relay = await lab.startRelay();
    const tollgate = await lab.startTollgate(lab.openDir('calls'));
    try {
      const subjects: Subject[] = [createPlainSubject('direct', lab.mockUrl, null), relay, tollgate];
      await warmUp(lab, subjects, new Set(cells.map(([, cell]) => cell.id)));
      await warmUpPaced(
        lab,
        [relay, tollgate],
        cells.map(([, cell]) => cell),
      );
      const samples = await runRounds(lab, subjects, cells);
      await tollgate.stopAndVerify();
      return wanted.map(([row, cell]) => readRow(row, samples.get(`${cell.kind} ${cell.id}`) ?? { direct: [], relay: [], tollgate: [] }));
    } finally {
      await Promise.all([relay.process.stop(), tollgate.process.stop()]);
    }
  },
};

/** Also proves that every subject answers right. */
async function warmUp(lab: Lab, subjects: readonly Subject[], ids: ReadonlySet<CaseId>): Promise<void> {
  for (const subject of subjects) {
    for (const id of Object.keys(cases) as CaseId[]) {
      if (!ids.has(id)) continue;
      await lab.setReplies({ chunks: WARM_UP_CHUNKS });
      await checkReplies(subject, id, WARM_UP_CHUNKS);
      const options = { callers: 8, durationMs: 2_500 };
      const whole = createRequests(subject, id, { stream: false });
      await runClosedLoop(subject, whole, { ...options, chunks: null, outputTokens: WHOLE_OUTPUT_TOKENS });
      const stream = createRequests(subject, id, { stream: true });
      await runClosedLoop(subject, stream, { ...options, chunks: WARM_UP_CHUNKS, outputTokens: WARM_UP_CHUNKS });
    }
  }
}

/** At the speed of a model other code runs than flat out, and V8 takes some ten thousand chunks to compile it. */
async function warmUpPaced(lab: Lab, subjects: readonly Subject[], cells: readonly LoadCell[]): Promise<void> {
  for (const cell of cells.filter(({ kind }) => kind === 'paced')) {
    for (const subject of subjects) for (let time = 0; time < PACED_WARM_UPS; time++) await runLoadCell(lab, subject, cell);
  }
}

async function runRounds(lab: Lab, subjects: readonly Subject[], cells: readonly [string, LoadCell][]): Promise<Map<string, Samples>> {
  const samples = new Map<string, Samples>(cells.map(([key]) => [key, { direct: [], relay: [], tollgate: [] }]));
  for (let round = 0; round < lab.options.rounds; round++) {
    lab.say(`  round ${round + 1} of ${lab.options.rounds}`);
    for (const [key, cell] of cells) {
      // Who goes first changes, so that nobody always meets the machine after the same neighbour.
      const order = subjects.map((_, index) => subjects[(index + round) % subjects.length] as Subject);
      for (const subject of order) {
        // A few requests, over in a tenth of a second: what the search index still has to do of another load would be most of it.
        if (cell.kind === 'image' || cell.kind === 'text') await subject.process?.rest();
        samples.get(key)?.[subject.name].push(await runLoadCell(lab, subject, cell));
      }
    }
  }
  return samples;
}

function readRow(row: string, samples: Samples): Measured {
  if (row.startsWith('ttft')) return readAddedFirstToken(row, samples);
  if (row.startsWith('token')) return readAddedDelay(row, samples);
  const ratios = samples.tollgate.map((sample, round) => sample.cpuUs / (samples.relay[round]?.cpuUs ?? Number.NaN));
  const cpu = (name: 'relay' | 'tollgate'): string => renderUs(median(samples[name].map(({ cpuUs }) => cpuUs)));
  return { row, value: median(ratios), detail: `${renderSpread(ratios)}; ${cpu('tollgate')} against ${cpu('relay')}` };
}

function readAddedFirstToken(row: string, samples: Samples): Measured {
  const added = addedBy(samples, ({ firstTokenUs }) => firstTokenUs);
  return { row, value: added.tollgate / added.relay, detail: `${renderUs(added.tollgate)} against ${renderUs(added.relay)}` };
}

function readAddedDelay(row: string, samples: Samples): Measured {
  const p99 = addedBy(samples, ({ delayP99Us }) => delayP99Us);
  const p50 = addedBy(samples, ({ delayP50Us }) => delayP50Us);
  return {
    row,
    value: p99.tollgate / 1000,
    must: p99.relay / 1000 + 0.5,
    detail: `relay ${renderUs(p99.relay)}; p50 ${renderUs(p50.tollgate)} against ${renderUs(p50.relay)}`,
  };
}

/** Medians of what relay and Tollgate add to the mock's own time of the same round, µs. */
function addedBy(samples: Samples, read: (sample: LoadSample) => number): { relay: number; tollgate: number } {
  const added = (name: 'relay' | 'tollgate'): number =>
    median(samples[name].map((sample, round) => read(sample) - read(samples.direct[round] ?? sample)));
  return { relay: added('relay'), tollgate: added('tollgate') };
}

function renderUs(us: number): string {
  return us >= 1000 ? `${(us / 1000).toFixed(1)} ms` : `${us.toFixed(us < 100 ? 1 : 0)} µs`;
}
