import { rmSync } from 'node:fs';
import { firstCallIdAt } from '../../src-main/domain/call-id.ts';
import { costSourceCodes, statusCodes, USAGE_REPORTED, usageFlagBits } from '../../src-main/store/codes.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { tracesMigrations } from '../../src-main/store/ledger-writer/open-traces.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import { rebuildRollups } from './ledger-rows.ts';
import { createRandom, type Random } from './random.ts';

export interface SeedOptions {
  calls: number;
  days: number;
  seed: number;
  /** When the last call started, epoch ms. Default 2026-11-01T00:00Z. */
  endMs?: number;
  /** Words of text indexed per call. Default 12; 0 for none. */
  words?: number;
}

const PROVIDERS = ['anthropic', 'openai', 'gemini', 'xai', 'ollama'];
const TARGETS = 30;
const CALLERS = 8;
const CONVERSATIONS_PER_CALL = 0.02;
const OPEN_CONVERSATIONS = 40;
const VOCABULARY = 20_000;
const HOUR_MS = 3_600_000;

/**
 * Writes a ledger as a busy team of one would leave it: 5 providers, 30 models, 8 callers, some 60 tag sets over 12 keys
 * and a ticket number on one call in a hundred, 3 % failures, a provider without prices, office hours and weekends.
 * The same options give the same file. A million calls take about 30 s.
 */
export function seedLedger(path: string, options: SeedOptions): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const db = openDatabase(path, { synchronous: 'NORMAL', cacheKiB: 128 * 1024 });
  try {
    db.pragma('synchronous = OFF');
    migrate(db, tracesMigrations);
    const random = createRandom(options.seed);
    const scopes = createScopes(db, random);
    db.transaction(() => {
      insertNames(db);
      writeCalls(db, options, random, scopes);
      rebuildRollups(db);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function insertNames(db: Sqlite): void {
  const target = db.prepare('INSERT INTO targets (id, provider, model) VALUES (?, ?, ?)');
  for (let i = 0; i < TARGETS; i++) {
    const provider = PROVIDERS[i % PROVIDERS.length];
    target.run(i + 1, provider, `${provider}-model-${Math.floor(i / PROVIDERS.length)}`);
  }
  const caller = db.prepare('INSERT INTO callers (id, caller_key_id) VALUES (?, ?)');
  for (let i = 0; i < CALLERS; i++) caller.run(i + 1, `key_caller${i}`);
  const client = db.prepare('INSERT INTO clients (id, name) VALUES (?, ?)');
  for (const [i, name] of ['claude-cli', 'OpenAI/JS', 'codex', 'curl'].entries()) client.run(i + 1, name);
}

/** Hands out scope ids for calls: what a call is tagged with goes a long way to say who makes it and with which model. */
function createScopes(db: Sqlite, random: Random): (callNumber: number) => { scopeId: number; target: number } {
  const insertSet = db.prepare('INSERT INTO tag_sets (id, canonical) VALUES (?, ?)');
  const insertTag = db.prepare('INSERT INTO tag_set_tags (key, value, tag_set_id) VALUES (?, ?, ?)');
  const insertScope = db.prepare('INSERT INTO scopes (id, tag_set_id, target_id, caller_id) VALUES (?, ?, ?, ?)');
  const scopeIds = new Map<string, number>();
  const combinations = tagCombinations();
  const popular = random.zipf(combinations.length, 0.8);
  const modelChoice = random.zipf(4, 1.2);
  let lastSet = 0;

  const addSet = (tags: Record<string, string>): number => {
    const id = ++lastSet;
    const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    insertSet.run(id, JSON.stringify(Object.fromEntries(pairs)));
    for (const [key, value] of pairs) insertTag.run(key, value, id);
    return id;
  };
  const setIds: number[] = [];

  return (callNumber) => {
    if (setIds.length === 0) setIds.push(...combinations.map(addSet));
    const which = popular();
    const target = ((which * 7 + modelChoice() * 3) % TARGETS) + 1;
    const caller = random.chance(0.8) ? which % CALLERS : (which + 1) % CALLERS;
    const setId = random.chance(0.01) ? addSet({ ...combinations[which], ticket: `T-${callNumber}` }) : (setIds[which] ?? 1);
    const key = `${setId} ${target} ${caller}`;
    let scopeId = scopeIds.get(key);
    if (scopeId === undefined) {
      scopeId = scopeIds.size + 1;
      scopeIds.set(key, scopeId);
      // The last caller is "no key".
      insertScope.run(scopeId, setId, target, caller === CALLERS - 1 ? 0 : caller + 1);
    }
    return { scopeId, target };
  };
}

/** 61 of them, one without any tag. */
function tagCombinations(): Record<string, string>[] {
  const sets: Record<string, string>[] = [{}];
  for (let feature = 0; feature < 20; feature++) {
    for (const env of ['prod', 'dev', 'ci']) {
      const tags: Record<string, string> = { team: `team-${feature % 6}`, feature: `feature-${feature}`, env };
      if (feature % 4 === 0) Object.assign(tags, { project: `project-${feature % 3}`, repo: `repo-${feature}` });
      if (feature % 5 === 0) Object.assign(tags, { agent: 'reviewer', task: 'review', priority: 'high' });
      if (feature % 7 === 0) Object.assign(tags, { region: 'eu', branch: 'main', user: `user-${feature}` });
      sets.push(tags);
    }
  }
  return sets;
}

function writeCalls(db: Sqlite, options: SeedOptions, random: Random, scopeOf: ReturnType<typeof createScopes>): void {
  const { calls, days, endMs = Date.UTC(2026, 10, 1), words = 12 } = options;
  const insert = db.prepare(
    `INSERT INTO calls (id, status, http_status, endpoint, caller_dialect, upstream_dialect, conversion, stream, byok, scope_id, client_id,
       conversation_id, duration_ms, first_byte_ms, request_bytes, response_bytes, input_uncached, input_cache_read, output_text,
       output_reasoning, usage_flags, cost_nano, cost_source, error_code)
     VALUES (${Array(24).fill('?').join(', ')})`,
  );
  const insertText = db.prepare('INSERT INTO call_text (rowid, text) VALUES (?, ?)');
  const conversations = createConversationChoice(random);
  const text = createTextWriter(random, words);
  const ok = statusCodes.codeOf('ok');
  const failures = (['error', 'client_aborted', 'interrupted'] as const).map((word) => statusCodes.codeOf(word));

  startTimes(calls, days, endMs, random).forEach((startMs, number) => {
    const id = firstCallIdAt(startMs) + (number % 4096);
    const { scopeId, target } = scopeOf(number);
    const failed = random.chance(0.03);
    const estimated = random.chance(0.01);
    const priced = !failed && target % PROVIDERS.length !== 0;
    const reported = failed ? 0 : USAGE_REPORTED;
    insert.run(
      id,
      failed ? failures[random.below(failures.length)] : ok,
      failed ? 502 : 200,
      ...[1, 1 + random.below(2), 1, 1 + random.below(2), random.below(2), 0],
      scopeId,
      1 + random.below(4),
      conversations(),
      200 + random.below(20_000),
      failed ? null : 100 + random.below(900),
      500 + random.below(200_000),
      1_000 + random.below(8_000),
      failed ? null : random.below(20_000),
      failed ? null : random.below(100_000),
      failed ? null : random.below(3_000),
      random.chance(0.3) ? random.below(2_000) : null,
      estimated ? reported | usageFlagBits.usage_estimated : reported,
      priced ? random.below(80_000_000) : null,
      costSourceCodes.codeOf(priced ? 'price-book' : 'unknown'),
      failed ? 'upstream_error' : null,
    );
    if (words > 0) insertText.run(id, text());
  });
}

/** Ascending; busy hours and weekdays have most of them. */
function startTimes(calls: number, days: number, endMs: number, random: Random): Float64Array {
  const hours = Math.max(1, Math.round(days * 24));
  const firstMs = endMs - hours * HOUR_MS;
  const weights = Array.from({ length: hours }, (_, hour) => {
    const at = new Date(firstMs + hour * HOUR_MS);
    const isBusy = at.getUTCHours() >= 8 && at.getUTCHours() < 19;
    return (isBusy ? 6 : 1) * (at.getUTCDay() % 6 === 0 ? 0.3 : 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const times = new Float64Array(calls);
  let filled = 0;
  let due = 0;
  weights.forEach((weight, hour) => {
    due += (weight / total) * calls;
    while (filled < calls && filled < Math.round(due)) times[filled++] = firstMs + hour * HOUR_MS + random.below(HOUR_MS);
  });
  while (filled < calls) times[filled++] = endMs - 1;
  return times.sort();
}

/** Calls belong to whichever conversations are open at the time; each goes on for some fifty. */
function createConversationChoice(random: Random): () => number {
  const open = Array.from({ length: OPEN_CONVERSATIONS }, (_, i) => i + 1);
  let last = open.length;
  return () => {
    const slot = random.below(open.length);
    if (random.chance(CONVERSATIONS_PER_CALL)) open[slot] = ++last;
    return open[slot] ?? 1;
  };
}

/** "word0" is in most texts, "word19999" in almost none. */
function createTextWriter(random: Random, words: number): () => string {
  const pick = random.zipf(VOCABULARY, 1.05);
  return () => {
    let text = '';
    for (let i = 0; i < words; i++) text += `word${pick()} `;
    return text;
  };
}
