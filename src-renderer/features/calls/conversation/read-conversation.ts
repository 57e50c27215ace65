import { type DialectReader, dialectReaders } from './dialect-readers.ts';
import { asRecord, rawPart } from './json-fields.ts';
import { pairTools } from './pair-tools.ts';
import { looksLikeSse, readSseEvents } from './sse-events.ts';
import type { Conversation, Reading, Turn } from './turn.ts';

export interface ConversationSource {
  /** In which the caller spoke. */
  dialect: string;
  request: string | null;
  response: string | null;
}

/** Reads both bodies of a call into turns. Never throws: what cannot be read is shown as it is. */
export function readConversation({ dialect, request, response }: ConversationSource): Conversation {
  const problems: string[] = [];
  const reader = dialectReaders[dialect];
  const asked = request === null ? { turns: [] } : readRequest(reader, request, problems);
  const answered = response === null ? { turns: [] } : readReply(reader, response, problems);
  asked.turns.forEach((turn, at) => {
    turn.at = at;
  });
  const begin = firstOther(asked.turns);
  const paired = pairTools([...asked.turns, ...answered.turns]);
  const isLeft = ({ parts }: Turn): boolean => parts.length > 0;
  const firstNew = firstNewTurn(asked.turns);
  return {
    system: paired.slice(0, begin).filter(isLeft),
    earlier: paired.slice(begin, firstNew).filter(isLeft),
    latest: paired.slice(firstNew).filter(isLeft),
    tools: asked.tools ?? [],
    finish: answered.finish ?? null,
    problems,
  };
}

function firstOther(turns: readonly Turn[]): number {
  const at = turns.findIndex(({ role }) => role !== 'system');
  return at === -1 ? turns.length : at;
}

/** New is what follows the last answer; that answer too where its tools are only answered now. */
function firstNewTurn(turns: readonly Turn[]): number {
  const answer = turns.findLastIndex(({ role }) => role === 'assistant');
  const isAnsweredNow = turns.slice(answer + 1).some(({ parts }) => parts.some(({ kind }) => kind === 'tool-result'));
  return answer === -1 ? firstOther(turns) : isAnsweredNow ? answer : answer + 1;
}

function readRequest(reader: DialectReader | undefined, text: string, problems: string[]): Reading {
  const body = parse(text);
  if (body === undefined) {
    problems.push('The request is no JSON that can be read; it is shown as it was sent.');
    return { turns: [{ role: 'user', parts: [rawPart('request', text)] }] };
  }
  const reading = reader?.request(asRecord(body));
  return reading !== undefined && reading.turns.length > 0 ? reading : { turns: [{ role: 'user', parts: [rawPart('request', body)] }] };
}

function readReply(reader: DialectReader | undefined, text: string, problems: string[]): Reading {
  if (text === '') return { turns: [] };
  const body = looksLikeSse(text) ? undefined : parse(text);
  const events = looksLikeSse(text) ? readSseEvents(text) : Array.isArray(body) ? body : null;
  if (events === null && body === undefined) {
    problems.push('The reply is no JSON that can be read; it is shown as it arrived.');
    return { turns: [{ role: 'assistant', parts: [rawPart('reply', text)] }] };
  }
  const whole = events !== null && reader !== undefined ? reader.join(events) : asRecord(body);
  const reading = reader?.reply(whole) ?? { turns: [] };
  const rest = Array.isArray(whole['unread']) ? (whole['unread'] as unknown[]).map((event) => rawPart('event', event)) : [];
  if (rest.length > 0) reading.turns.push({ role: 'assistant', parts: rest });
  if (reading.turns.length > 0) return reading;
  return { ...reading, turns: [{ role: 'assistant', parts: [rawPart('reply', body ?? events)] }] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
