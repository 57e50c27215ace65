import { dialectReaders } from './dialect-readers.ts';
import { asRecord } from './json-fields.ts';

export interface PrefixSource {
  dialect: string;
  request: string;
  /** Of the calls before it, newest first. */
  before: readonly { callId: string; request: string }[];
}

/** How far a request repeats one before it: what lies behind the first difference a provider's prompt cache cannot serve. */
export interface Prefix {
  /** The call it is compared with. */
  callId: string;
  /** Messages of that call that are repeated from the first on, and how many it had; system messages of an array of messages count. */
  kept: number;
  of: number;
  /** What is the first to differ; null = nothing does. */
  broke: 'tools' | 'system' | 'message' | null;
  /** Which turn of the request that is; null = none. */
  at: number | null;
}

interface Prompt {
  tools: string;
  /** One text a turn, equal when the turns are. */
  turns: string[];
  systemTurns: number;
}

/**
 * Compares with the newest call of the same thread, in the order in which providers cache: tools, system, messages.
 * null when none of them belongs to it: agents of one session ask side by side.
 */
export function readPrefix({ dialect, request, before }: PrefixSource): Prefix | null {
  const asked = readPrompt(dialect, request);
  if (asked === null) return null;
  for (const { callId, request: earlier } of before) {
    const prompt = readPrompt(dialect, earlier);
    if (prompt !== null && isSameThread(prompt, asked)) return { callId, ...compare(prompt, asked) };
  }
  return null;
}

function compare(earlier: Prompt, asked: Prompt): Omit<Prefix, 'callId'> {
  const of = earlier.turns.length;
  if (earlier.tools !== asked.tools) return { kept: 0, of, broke: 'tools', at: null };
  const common = Math.min(of, asked.turns.length);
  for (let at = 0; at < common; at++) {
    if (earlier.turns[at] !== asked.turns[at]) return { kept: at, of, broke: at < asked.systemTurns ? 'system' : 'message', at };
  }
  return { kept: common, of, broke: null, at: null };
}

/** Both begin with the same words of the user, whatever was said to the model before them. */
function isSameThread(earlier: Prompt, asked: Prompt): boolean {
  const opening = asked.turns[asked.systemTurns];
  return opening !== undefined && earlier.turns[earlier.systemTurns] === opening;
}

function readPrompt(dialect: string, request: string): Prompt | null {
  try {
    const body = asRecord(JSON.parse(request, dropCacheMarks));
    const turns = dialectReaders[dialect]?.request(body).turns ?? [];
    const firstOther = turns.findIndex(({ role }) => role !== 'system');
    return {
      tools: JSON.stringify(body['tools'] ?? body['functions'] ?? []),
      turns: turns.map((turn) => JSON.stringify(turn)),
      systemTurns: firstOther === -1 ? turns.length : firstOther,
    };
  } catch {
    return null;
  }
}

/** Clients move their marks from message to message; they are not part of what is cached. */
function dropCacheMarks(key: string, value: unknown): unknown {
  return key === 'cache_control' ? undefined : value;
}
