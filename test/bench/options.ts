import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rowIds } from './goals.ts';

export interface BenchOptions {
  /** Shorter, with a smaller database; for a look, not for the record. */
  quick: boolean;
  /** Ids of the rows wanted; null = all. */
  only: ReadonlySet<string> | null;
  /** Writes the table into docs/benchmarks.md. */
  write: boolean;
  rounds: number;
  /** Scratch; emptied at start, removed at the end unless `keep`. */
  dir: string;
  keep: boolean;
  /** Rows of the big database. */
  ledgerCalls: number;
  /** Arguments of Node for every Tollgate that is started. */
  nodeArgs: readonly string[];
}

const usage = `npm run bench -- [options]

  --quick          about 2 minutes: shorter runs, 200,000 rows instead of a million (the full run takes about 10)
  --only a,b       these rows only: ${rowIds.join(' ')}
  --write          put the table into docs/benchmarks.md (all rows only)
  --rounds N       rounds of the load measurements (default 5, quick 3)
  --dir DIR        scratch folder (default in the system's)
  --keep           leave the scratch folder
  --profile DIR    CPU profiles of Tollgate's threads into DIR`;

/** @throws Error with a message for the user */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      dir: { type: 'string', default: join(tmpdir(), 'tollgate-bench') },
      keep: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const only = values.only === undefined ? null : new Set(values.only.split(','));
  for (const id of only ?? []) if (!rowIds.includes(id)) throw new Error(`There is no row "${id}".\n\n${usage}`);
  if (values.write && only !== null) throw new Error('--write needs all rows: the page holds one table.');
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number.\n\n${usage}`);
  return {
    quick: values.quick,
    only,
    write: values.write,
    rounds,
    dir: values.dir,
    keep: values.keep,
    ledgerCalls: values.quick ? 200_000 : 1_000_000,
    nodeArgs: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
  };
}
