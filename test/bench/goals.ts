/** One row of the performance budget. Smaller is better, except for `per s`. */
export interface Goal {
  readonly id: string;
  readonly measure: string;
  /** `×` = times the relay of the same round. */
  readonly unit: '×' | 'ms' | 'µs' | 'MB' | 'KB' | '%' | 'per s';
  /** null = no bound was set. */
  readonly must: number | null;
  readonly moonshot: number | null;
  /** What stands between the measured and the moonshot, while it is not reached. */
  readonly gap?: string;
}

export const goals: readonly Goal[] = [
  {
    id: 'cpu-o2o',
    measure: 'CPU per call, 16 callers, OpenAI to OpenAI',
    unit: '×',
    must: 2,
    moonshot: 1.5,
    gap: 'on the request loop node:http and undici take 1.1 of it and our own stages 0.5 (authentication, scan, labels, journal, metering, headers, what errors and hang-ups need); the ledger thread takes 0.55 (a row of 35 columns, pieces of bodies, threading of conversations, the journal read back, commits); compiling and collecting 0.1. A stub that only logs row, tags, sums and bodies takes 1.7',
  },
  {
    id: 'cpu-a2a',
    measure: 'CPU per call, 16 callers, Anthropic to Anthropic',
    unit: '×',
    must: 2,
    moonshot: 1.5,
    gap: 'as for OpenAI to OpenAI',
  },
  {
    id: 'cpu-o2a',
    measure: 'CPU per call, 16 callers, OpenAI to Anthropic',
    unit: '×',
    must: 2.5,
    moonshot: 1.8,
    gap: 'the same, and 0.4 for parsing, translating and writing both bodies; four bodies are kept instead of two',
  },
  {
    id: 'cpu-o2g',
    measure: 'CPU per call, 16 callers, OpenAI to Gemini',
    unit: '×',
    must: 2.5,
    moonshot: 1.8,
    gap: 'as for OpenAI to Anthropic',
  },
  {
    id: 'ttft-o2o',
    measure: 'added time to first token, p50, same dialect',
    unit: '×',
    must: 1.5,
    moonshot: 1.2,
    gap: 'the start record is made, and the request buffered and scanned, before it leaves',
  },
  {
    id: 'ttft-o2a',
    measure: 'added time to first token, p50, translated',
    unit: '×',
    must: 1.5,
    moonshot: 1.2,
    gap: 'the request is parsed, translated and written again; the first chunk too',
  },
  {
    id: 'token-o2o',
    measure: 'added p99 per token, 50 streams × 50 tokens/s, same dialect',
    unit: 'ms',
    must: 0.5,
    moonshot: 0.5,
    gap: 'what comes while another call begins, the heap is collected or a batch is written waits for the one core; the kernel lets a thread that runs go on for up to 3 ms',
  },
  {
    id: 'token-o2a',
    measure: 'added p99 per token, 50 streams × 50 tokens/s, translated',
    unit: 'ms',
    must: 0.5,
    moonshot: 0.5,
    gap: 'what comes while another call begins, the heap is collected or a batch is written waits for the one core; the kernel lets a thread that runs go on for up to 3 ms',
  },
  {
    id: 'chunk-o2o',
    measure: 'CPU per streamed chunk at that pace, same dialect',
    unit: '×',
    must: 1.3,
    moonshot: 1.1,
    gap: 'each chunk is searched for the key and the end, kept for the ledger, and the first streams run uncompiled code',
  },
  {
    id: 'chunk-o2a',
    measure: 'CPU per streamed chunk at that pace, translated',
    unit: '×',
    must: 1.6,
    moonshot: 1.3,
    gap: 'each chunk is decoded, matched against a template, rendered and kept twice',
  },
  {
    id: 'image',
    measure: 'CPU of a request with 5 MB of images',
    unit: '×',
    must: 2,
    moonshot: 1.2,
    gap: 'SHA-256 of every piece 2.5 ms, base64 taken apart 0.4 ms, 3.8 MB into SQLite and its log 3 ms: what storing an image costs',
  },
  {
    id: 'text',
    measure: 'CPU of a request with 816 KB of text',
    unit: '×',
    must: 2,
    moonshot: 1.2,
    gap: 'SHA-256 0.5 ms, compression 0.4 ms, SQLite; buffers of this size come fresh from the system each time',
  },
  {
    id: 'rss-idle',
    measure: 'resident memory, idle',
    unit: 'MB',
    must: 130,
    moonshot: 100,
    gap: 'Node itself 45 MB of code, three isolates, 3 MB of bundled program',
  },
  {
    id: 'rss-after',
    measure: 'resident memory after 50,000 calls',
    unit: 'MB',
    must: 210,
    moonshot: 140,
    gap: 'compiled code and heaps of three isolates, page caches of three SQLite connections',
  },
  {
    id: 'rss-peak',
    measure: 'peak memory after 8 × 5 MB, 4 at a time',
    unit: 'MB',
    must: 380,
    moonshot: 220,
    gap: 'four bodies of 5 MB in flight, each once on the request loop and once in the ledger thread',
  },
  { id: 'idle-cpu', measure: 'CPU while idle, of one core', unit: '%', must: 0.3, moonshot: 0.1 },
  {
    id: 'start',
    measure: 'start to first 200, with a million calls in the database',
    unit: '×',
    must: 2.5,
    moonshot: 1.6,
    gap: 'three isolates and two databases are opened before the first answer',
  },
  {
    id: 'record-cost',
    measure: 'recording: CPU of the request loop per call',
    unit: 'µs',
    must: 25,
    moonshot: 10,
    gap: 'two records as JSON, a checksum each',
  },
  {
    id: 'record-stall',
    measure: 'recording: longest stall of the request loop',
    unit: 'ms',
    must: 5,
    moonshot: 1,
    gap: 'the same loop without recording stalls as long on this machine',
  },
  { id: 'record-rate', measure: 'recording: sustained rate with 20 KB bodies', unit: 'per s', must: 1_000, moonshot: 3_000 },
  { id: 'disk-row', measure: 'disk per call without bodies, tags and roll-ups included', unit: 'KB', must: 1, moonshot: 0.5 },
  {
    id: 'disk-agent',
    measure: 'disk per request of an agent, 40 turns of 118 KB on average',
    unit: 'KB',
    must: 10,
    moonshot: 2.5,
    gap: 'each answer and ledger row, and pieces that come once only, compressed by themselves as they arrive',
  },
  {
    id: 'dashboard-warm',
    measure: 'slowest dashboard over 30 days of a million calls, warm',
    unit: 'ms',
    must: 50,
    moonshot: 10,
    gap: 'HTTP and JSON of the reply; sums by tag join every combination of tags',
  },
  {
    id: 'dashboard-cold',
    measure: 'slowest dashboard over 30 days of a million calls, cold',
    unit: 'ms',
    must: 500,
    moonshot: 50,
    gap: 'a fresh process opens the file, and the pages come from disk',
  },
  { id: 'list', measure: 'list of 50 calls, slowest indexed filter, a million calls', unit: 'ms', must: 20, moonshot: 5 },
  { id: 'search', measure: 'search for words, newest 50, a million calls', unit: 'ms', must: 50, moonshot: 10 },
  { id: 'cli-spend', measure: '`tollgate spend --by tag:feature --since 30d`, a million calls', unit: 'ms', must: null, moonshot: null },
];

export const rowIds: readonly string[] = goals.map(({ id }) => id);

/** What an experiment found for one row. */
export interface Measured {
  row: string;
  value: number;
  /** What the number was made of: absolute values, spread. */
  detail: string;
  /** Where the bound depends on the run ("relay + 0.5 ms"). */
  must?: number;
}

export type Verdict = 'moonshot' | 'must' | 'missed' | 'no bound';

export function judge(goal: Goal, measured: Measured): Verdict {
  const reaches = (bound: number): boolean => (goal.unit === 'per s' ? measured.value >= bound : measured.value <= bound);
  if (goal.must === null || goal.moonshot === null) return 'no bound';
  if (reaches(goal.moonshot)) return 'moonshot';
  return reaches(measured.must ?? goal.must) ? 'must' : 'missed';
}
