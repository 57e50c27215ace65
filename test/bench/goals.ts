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
  { id: 'cpu-o2o', measure: 'CPU per call, 16 callers, OpenAI to OpenAI', unit: '×', must: 2, moonshot: 1.5 },
  { id: 'cpu-a2a', measure: 'CPU per call, 16 callers, Anthropic to Anthropic', unit: '×', must: 2, moonshot: 1.5 },
  { id: 'cpu-o2a', measure: 'CPU per call, 16 callers, OpenAI to Anthropic', unit: '×', must: 2.5, moonshot: 1.8 },
  { id: 'cpu-o2g', measure: 'CPU per call, 16 callers, OpenAI to Gemini', unit: '×', must: 2.5, moonshot: 1.8 },
  { id: 'ttft-o2o', measure: 'added time to first token, p50, same dialect', unit: '×', must: 1.5, moonshot: 1.2 },
  { id: 'ttft-o2a', measure: 'added time to first token, p50, translated', unit: '×', must: 1.5, moonshot: 1.2 },
  { id: 'token-o2o', measure: 'added p99 per token, 50 streams × 50 tokens/s, same dialect', unit: 'ms', must: 0.5, moonshot: 0.5 },
  { id: 'token-o2a', measure: 'added p99 per token, 50 streams × 50 tokens/s, translated', unit: 'ms', must: 0.5, moonshot: 0.5 },
  { id: 'chunk-o2o', measure: 'CPU per streamed chunk at that pace, same dialect', unit: '×', must: 1.3, moonshot: 1.1 },
  { id: 'chunk-o2a', measure: 'CPU per streamed chunk at that pace, translated', unit: '×', must: 1.6, moonshot: 1.3 },
  { id: 'image', measure: 'CPU of a request with 5 MB of images', unit: '×', must: 2, moonshot: 1.2 },
  { id: 'text', measure: 'CPU of a request with 816 KB of text', unit: '×', must: 2, moonshot: 1.2 },
  { id: 'rss-idle', measure: 'resident memory, idle', unit: 'MB', must: 130, moonshot: 100 },
  { id: 'rss-after', measure: 'resident memory after 50,000 calls', unit: 'MB', must: 210, moonshot: 140 },
  { id: 'rss-peak', measure: 'peak memory after 8 × 5 MB, 4 at a time', unit: 'MB', must: 380, moonshot: 220 },
  { id: 'idle-cpu', measure: 'CPU while idle, of one core', unit: '%', must: 0.3, moonshot: 0.1 },
  { id: 'start', measure: 'start to first 200, with a million calls in the database', unit: '×', must: 2.5, moonshot: 1.6 },
  { id: 'record-cost', measure: 'recording: CPU of the request loop per call', unit: 'µs', must: 25, moonshot: 10 },
  { id: 'record-stall', measure: 'recording: longest stall of the request loop', unit: 'ms', must: 5, moonshot: 1 },
  { id: 'record-rate', measure: 'recording: sustained rate with 20 KB bodies', unit: 'per s', must: 1_000, moonshot: 3_000 },
  { id: 'disk-row', measure: 'disk per call without bodies, tags and roll-ups included', unit: 'KB', must: 1, moonshot: 0.5 },
  { id: 'disk-agent', measure: 'disk per request of an agent, 40 turns of 118 KB on average', unit: 'KB', must: 10, moonshot: 2.5 },
  { id: 'dashboard-warm', measure: 'slowest dashboard over 30 days of a million calls, warm', unit: 'ms', must: 50, moonshot: 10 },
  { id: 'dashboard-cold', measure: 'slowest dashboard over 30 days of a million calls, cold', unit: 'ms', must: 500, moonshot: 50 },
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
