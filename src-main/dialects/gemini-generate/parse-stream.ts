import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asCount, asList, asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import type { SseEvent } from '../sse.ts';
import type { TextEvent, TextTemplate } from '../text-template.ts';
import { createToolCallRestorer } from '../tool-names.ts';
import { learnChunkTemplate } from './chunk-template.ts';
import { type Finish, resolveBlock, resolveFinish } from './finish-reason.ts';
import { parseError, parseStreamError } from './parse-error.ts';
import { createCallIds, parsePartEvents } from './response-parts.ts';
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
  /** Gives the last `usageMetadata`; unread until it is wanted, since every chunk has one. */
  readUsage: () => unknown;
  template: TextTemplate<TextEvent> | null;
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
    readUsage: () => null,
    template: null,
    queries: new Set(),
  };
  const restoreTools = createToolCallRestorer(toolNames);
  return (event) => {
    if (progress.over) return [];
    if (event === null) return close(progress);
    return restoreTools(parseEvent(progress, event.data));
  };
}

function parseEvent(progress: Progress, data: string): ChatEvent[] {
  if (progress.broken) return fail(progress, parseError(502, 'Gemini sent an event that is not JSON.'));
  const repeated = progress.template?.(data) ?? null;
  if (repeated !== null) {
    progress.readUsage = () => asObject(parseJson(data))?.['usageMetadata'];
    return [repeated];
  }
  const payload = parseJson(data);
  if (payload === undefined) {
    progress.broken = data.trim() !== '' && data.trim() !== '[DONE]';
    return [];
  }
  const fault = parseStreamError(payload);
  if (fault !== null) return fail(progress, fault);
  const events: ChatEvent[] = [];
  for (const chunk of Array.isArray(payload) ? payload : [payload]) {
    const reply = asObject(chunk);
    if (reply !== null) parseChunk(progress, reply, data, events);
  }
  if (!Array.isArray(payload)) progress.template = learnChunkTemplate(data, events) ?? progress.template;
  return events;
}

function parseChunk(progress: Progress, reply: JsonObject, data: string, events: ChatEvent[]): void {
  const id = asText(reply['responseId']);
  const usage = reply['usageMetadata'] ?? null;
  if (usage !== null) progress.readUsage = () => usage;
  if (!progress.started) {
    progress.started = true;
    progress.nextCallId = createCallIds(id, () => data);
    events.push({ type: 'start', id: id ?? '', model: asText(reply['modelVersion']) ?? progress.model }, ...usageEvents(progress));
  }
  progress.block ??= resolveBlock(asObject(reply['promptFeedback']));
  collectSearchQueries(reply['candidates'], progress.queries);
  for (const value of asList(reply['candidates'])) {
    const candidate = asObject(value);
    if (candidate !== null) parseCandidate(progress, candidate, events);
  }
}

function parseCandidate(progress: Progress, candidate: JsonObject, events: ChatEvent[]): void {
  const index = asCount(candidate['index']) ?? 0;
  const choice = progress.choices.get(index) ?? { calls: 0, finished: null };
  progress.choices.set(index, choice);
  const place = { choice: index, nextCall: () => choice.calls++, nextCallId: progress.nextCallId };
  for (const part of asList(asObject(candidate['content'])?.['parts'])) events.push(...parsePartEvents(part, place));
  if (asText(candidate['finishReason']) !== null) choice.finished = candidate;
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
  const usage = readGeminiUsage(progress.readUsage());
  if (usage === null) return [];
  usage.webSearches = countBilledSearches(progress.queries, progress.model);
  if (partial) usage.flags.push('usage_partial');
  return [{ type: 'usage', usage }];
}

function fail(progress: Progress, fault: ReturnType<typeof parseError>): ChatEvent[] {
  progress.over = true;
  return [...usageEvents(progress, true), { type: 'error', fault }];
}
