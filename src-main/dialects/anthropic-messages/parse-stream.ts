import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';
import type { SseEvent } from '../sse.ts';
import { createToolCallRestorer } from '../tool-names.ts';
import { parseBlock, parseFinish } from './blocks.ts';
import { createDataReader } from './event-data.ts';
import { type OpenBlock, openBlock } from './open-block.ts';
import { parseStreamFault } from './parse-error.ts';
import { readStreamUsage } from './usage.ts';

/**
 * Messages events in, neutral events out. The answer is over at `message_stop`: a stream without it gives no `finish` and
 * no `end`. An `error` event is terminal. Nothing after either is looked at.
 * @param toolNames from the rendered request, so that tool calls carry the caller's names
 */
export function createStreamParser(target: UpstreamModel, toolNames?: ToolNameMap): (event: SseEvent | null) => ChatEvent[] {
  const restoreTools = createToolCallRestorer(toolNames);
  const readData = createDataReader();
  const answer = createAnswer(target);
  let over = false;

  return (event) => {
    if (over || event === null || event.event === 'ping' || event.data.trim() === '') return [];
    const data = readData(event.data);
    if (data === null) {
      over = true;
      const message = 'The provider sent a stream event that is not JSON.';
      return [{ type: 'error', fault: parseStreamFault({ error: { type: 'api_error', message } }) }];
    }
    const type = asText(data['type']) ?? event.event;
    if (type === 'error') {
      over = true;
      return [{ type: 'error', fault: parseStreamFault(data) }];
    }
    const events = restoreTools(answer(type, data));
    over = events.at(-1)?.type === 'end';
    return events;
  };
}

function createAnswer(target: UpstreamModel): (type: string | null, data: JsonObject) => ChatEvent[] {
  const blocks = createOpenBlocks();
  let started = false;
  let startUsage: unknown = null;
  let deltaUsage: JsonObject | null = null;
  const ending: JsonObject = {};

  function start(message: JsonObject | null): ChatEvent[] {
    if (started) return [];
    started = true;
    startUsage = message?.['usage'] ?? null;
    const id = asText(message?.['id']) ?? '';
    return [{ type: 'start', id, model: asText(message?.['model']) ?? target.model }, ...usage()];
  }

  function usage(): ChatEvent[] {
    const counted = readStreamUsage(startUsage, deltaUsage);
    return counted ? [{ type: 'usage', usage: counted }] : [];
  }

  function changeMessage(data: JsonObject): ChatEvent[] {
    for (const [key, value] of Object.entries(asObject(data['delta']) ?? {})) if (value !== null) ending[key] = value;
    const counters = asObject(data['usage']);
    if (!counters) return [];
    deltaUsage = { ...deltaUsage, ...counters };
    return usage();
  }

  return (type, data) => {
    switch (type) {
      case 'message_start':
        return start(asObject(data['message']));
      case 'content_block_start':
        return [...start(null), ...blocks.start(data)];
      case 'content_block_delta':
        return blocks.delta(data);
      case 'content_block_stop':
        return blocks.stop(data['index']);
      case 'message_delta':
        return [...start(null), ...changeMessage(data)];
      case 'message_stop':
        return [
          ...start(null),
          ...blocks.stopAll(),
          { type: 'finish', choice: 0, ...parseFinish(ending, blocks.toolCalls()) },
          { type: 'end' },
        ];
      default:
        return [];
    }
  };
}

/** The blocks that are open, by the wire's index, which counts every block; tool calls have an index of their own. */
function createOpenBlocks() {
  const byIndex = new Map<unknown, OpenBlock>();
  let calls = 0;

  function stop(index: unknown): ChatEvent[] {
    const events = byIndex.get(index)?.stop() ?? [];
    byIndex.delete(index);
    return events;
  }

  return {
    start(data: JsonObject): ChatEvent[] {
      const block = parseBlock(data['content_block']);
      if (!block) return [];
      const { open, events } = openBlock(block, calls);
      if (block.kind === 'tool-call') calls++;
      byIndex.set(data['index'], open);
      return events;
    },
    delta: (data: JsonObject): ChatEvent[] => byIndex.get(data['index'])?.delta(data['delta']) ?? [],
    stop,
    stopAll: (): ChatEvent[] => [...byIndex.keys()].flatMap(stop),
    toolCalls: () => calls,
  };
}
