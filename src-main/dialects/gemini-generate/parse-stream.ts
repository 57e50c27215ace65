import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';
import type { Finish } from './finish-reason.ts';
import { resolveBlock, resolveFinish } from './finish-reason.ts';
import type { JsonObject } from './json-value.ts';
import { readArray, readCount, readJson, readObject, readText } from './json-value.ts';
import { parseError, parseStreamError } from './parse-error.ts';
import { createCallIds, parsePart } from './response-parts.ts';
import { createToolCallRestorer } from './tool-names.ts';
import { readGeminiUsage } from './usage.ts';
import { collectSearchQueries, countBilledSearches } from './web-searches.ts';

interface Choice {
  /** Function calls seen so far; the next one's `call`. */
  calls: number;
  /** The last candidate object that named a finish reason. */
  finished: JsonObject | null;
}

interface Progress {
  model: string;
  started: boolean;
  /** An event that was no JSON: the broken end of a cut stream, unless another event follows. */
  broken: boolean;
  /** `error` or `end` was given; nothing may follow. */
  over: boolean;
  nextCallId: () => string;
  choices: Map<number, Choice>;
  block: Finish | null;
  usage: unknown;
  queries: Set<string>;
}

/**
 * Reducer over the events of `streamGenerateContent?alt=sse`. Finish reasons are held until the bytes are over, because
 * signatures and the final usage may come behind them; so usage is given with the first chunk and at the end only.
 * Without any finish reason there is no `end`: the stream was cut.
 */
export function createStreamParser(target: UpstreamModel, toolNames?: ToolNameMap): (event: SseEvent | null) => ChatEvent[] {
  const progress: Progress = {
    model: target.model,
    started: false,
    broken: false,
    over: false,
    nextCallId: createCallIds(null, () => ''),
    choices: new Map(),
    block: null,
    usage: null,
    queries: new Set(),
  };
  const restore = createToolCallRestorer(toolNames);
  return (event) => {
    if (progress.over) return [];
    if (event === null) return close(progress);
    return parseEvent(progress, event.data).map(restore);
  };
}

function parseEvent(progress: Progress, data: string): ChatEvent[] {
  if (progress.broken) return fail(progress, parseError(502, 'Gemini sent an event that is not JSON.'));
  const payload = readJson(data);
  if (payload === undefined) {
    progress.broken = data.trim() !== '' && data.trim() !== '[DONE]';
    return [];
  }
  const fault = parseStreamError(payload);
  if (fault !== null) return fail(progress, fault);
  const events: ChatEvent[] = [];
  for (const chunk of Array.isArray(payload) ? payload : [payload]) {
    const reply = readObject(chunk);
    if (reply !== null) parseChunk(progress, reply, data, events);
  }
  return events;
}

function parseChunk(progress: Progress, reply: JsonObject, data: string, events: ChatEvent[]): void {
  const id = readText(reply['responseId']);
  progress.usage = reply['usageMetadata'] ?? progress.usage;
  if (!progress.started) {
    progress.started = true;
    progress.nextCallId = createCallIds(id, () => data);
    events.push({ type: 'start', id: id ?? '', model: readText(reply['modelVersion']) ?? progress.model }, ...usageEvents(progress));
  }
  progress.block ??= resolveBlock(readObject(reply['promptFeedback']));
  collectSearchQueries(reply['candidates'], progress.queries);
  for (const value of readArray(reply['candidates'])) {
    const candidate = readObject(value);
    if (candidate !== null) parseCandidate(progress, candidate, events);
  }
}

function parseCandidate(progress: Progress, candidate: JsonObject, events: ChatEvent[]): void {
  const index = readCount(candidate['index']) ?? 0;
  const choice = progress.choices.get(index) ?? { calls: 0, finished: null };
  progress.choices.set(index, choice);
  for (const part of readArray(readObject(candidate['content'])?.['parts'])) {
    pushPart(events, part, { index, choice, nextCallId: progress.nextCallId });
  }
  if (readText(candidate['finishReason']) !== null) choice.finished = candidate;
}

function pushPart(events: ChatEvent[], value: unknown, at: { index: number; choice: Choice; nextCallId: () => string }): void {
  const part = parsePart(value);
  const { index } = at;
  if (part === null) return;
  if (part.kind === 'image') {
    events.push({ type: 'image', choice: index, mediaType: part.mediaType, data: part.data });
  } else if (part.kind === 'call') {
    const { name, argumentsText, signature } = part;
    const call = at.choice.calls++;
    const id = part.id ?? at.nextCallId();
    events.push({ type: 'tool-call-start', choice: index, call, id, name, ...(signature !== null && { signature }) });
    events.push({ type: 'tool-call-delta', choice: index, call, argumentsText });
    events.push({ type: 'tool-call-end', choice: index, call });
  } else {
    const names =
      part.kind === 'text' ? (['text-delta', 'text-signature'] as const) : (['reasoning-delta', 'reasoning-signature'] as const);
    if (part.text !== '') events.push({ type: names[0], choice: index, text: part.text });
    if (part.signature !== null) events.push({ type: names[1], choice: index, signature: part.signature });
  }
}

function close(progress: Progress): ChatEvent[] {
  const choices = [...progress.choices];
  const blocked = choices.length === 0 ? progress.block : null;
  const finished = blocked !== null || (choices.length > 0 && choices.every(([, choice]) => choice.finished !== null));
  const events = usageEvents(progress, !finished);
  if (!finished) return events;
  progress.over = true;
  if (blocked !== null) events.push(finishEvent(0, blocked));
  for (const [index, { finished: candidate, calls }] of choices) {
    if (candidate !== null) events.push(finishEvent(index, resolveFinish(candidate, calls > 0)));
  }
  events.push({ type: 'end' });
  return events;
}

function finishEvent(choice: number, { finishReason, ...rest }: Finish): ChatEvent {
  return { type: 'finish', choice, reason: finishReason, stopSequence: null, ...rest };
}

function usageEvents(progress: Progress, partial = false): ChatEvent[] {
  const usage = readGeminiUsage(progress.usage);
  if (usage === null) return [];
  usage.webSearches = countBilledSearches(progress.queries, progress.model);
  if (partial) usage.flags.push('usage_partial');
  return [{ type: 'usage', usage }];
}

function fail(progress: Progress, fault: ReturnType<typeof parseError>): ChatEvent[] {
  progress.over = true;
  return [...usageEvents(progress, true), { type: 'error', fault }];
}
