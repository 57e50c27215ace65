import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asObject, asObjects, asText, type JsonObject, parseJson } from '../json-value.ts';
import type { SseEvent } from '../sse.ts';
import type { TextEvent, TextTemplate } from '../text-template.ts';
import { createToolCallRestorer } from '../tool-names.ts';
import { type ChoiceParser, createChoiceParser } from './choice-parser.ts';
import { learnChunkTemplate } from './chunk-template.ts';
import { readStreamFault } from './parse-error.ts';
import { readOpenaiUsage, readWireUsage } from './usage.ts';

/**
 * Parses chat completion chunks of any OpenAI-compatible server. Finishes are held until the stream is over, since
 * usage, and sometimes more text, follows the finish reason. Without `[DONE]` a finish reason is end enough; without
 * either the stream was cut and no `end` is given.
 */
export function createStreamParser(target: UpstreamModel, toolNames?: ToolNameMap): (event: SseEvent | null) => ChatEvent[] {
  const choices = new Map<number, ChoiceParser>();
  const restoreTools = createToolCallRestorer(toolNames);
  let id = '';
  let isStarted = false;
  let isOver = false;
  let template: TextTemplate<TextEvent> | null = null;

  function choiceOf(index: number): ChoiceParser {
    const choice = choices.get(index) ?? createChoiceParser(index, () => id);
    choices.set(index, choice);
    return choice;
  }

  function start(chunk: JsonObject): ChatEvent[] {
    if (isStarted) return [];
    isStarted = true;
    id = asText(chunk.id) ?? '';
    return [{ type: 'start', id, model: asText(chunk.model) ?? target.model }];
  }

  function parseChunk(chunk: JsonObject): ChatEvent[] {
    const wireChoices = asObjects(chunk.choices);
    const usage = readOpenaiUsage(readWireUsage(chunk.usage, chunk.x_groq), asText(chunk.service_tier));
    // Azure opens with a chunk of filter results that has neither id nor choices.
    const events = wireChoices.length > 0 || usage !== null || asText(chunk.id) !== null ? start(chunk) : [];
    for (const [at, wire] of wireChoices.entries()) {
      events.push(...choiceOf(typeof wire.index === 'number' ? wire.index : at).push(wire));
    }
    if (usage !== null) events.push({ type: 'usage', usage });
    return events;
  }

  function close(isDone: boolean): ChatEvent[] {
    isOver = true;
    if (!isDone && ![...choices.values()].some((choice) => choice.isFinished)) return [];
    choiceOf(0);
    const last = [...choices.values()].flatMap((choice) => choice.end());
    return [...start({}), ...restoreTools(last), { type: 'end' }];
  }

  return (event) => {
    if (isOver) return [];
    if (event === null) return close(false);
    if (event.data === '[DONE]') return close(true);
    const repeated = event.event === null ? (template?.(event.data) ?? null) : null;
    if (repeated !== null) return [repeated];
    const data = parseJson(event.data);
    const fault = readStreamFault(data ?? event.data, event.event);
    if (fault !== null) {
      isOver = true;
      return [{ type: 'error', fault }];
    }
    const events = restoreTools(parseChunk(asObject(data) ?? {}));
    template = learnChunkTemplate(event.data, data, events);
    return events;
  };
}
