import type { JsonRange } from '../dialects/json-scan.ts';
import { readScanned, scanTopLevel } from '../dialects/json-scan.ts';
import { GatewayError } from '../domain/gateway-error.ts';

/** What routing needs of a body, found without parsing it. */
export interface RequestHead {
  model: string | null;
  /** Bytes of the model's value, quotes included (a form's field has none: see `multipart`). */
  modelRange: JsonRange | null;
  multipart: boolean;
  stream: boolean;
  includeUsage: boolean;
  streamOptionsRange: JsonRange | null;
  /** Members of objects at any depth. */
  members: number;
  /** Where one more top-level field can be put: behind the opening brace. */
  insertAt: number;
  /** A chat without messages is answered here: some local servers hang on it. */
  emptyMessages: boolean;
  /** Stated by the caller in the body, for the conversation id. */
  ranges: ReadonlyMap<string, JsonRange>;
}

/** Without a model (Gemini names it in the path) small bodies are parsed, to say what is wrong with them; large ones are the provider's to judge. */
const maxParsedBytes = 64 * 1024;

const keys = ['model', 'stream', 'stream_options', 'messages', 'prompt_cache_key', 'metadata', 'conversation'] as const;

/**
 * @param contentType of the request; multipart bodies are searched for their `model` field
 * @param needsBody the path means nothing without one
 * @throws GatewayError invalid_request when the body is no JSON object
 */
export function readRequestHead(body: Buffer, contentType: string | undefined, needsBody: boolean): RequestHead {
  if (!needsBody) return noBody;
  if (body.length === 0) return explainMissingModel(body);
  if (contentType?.startsWith('multipart/form-data')) return readMultipart(body);
  const ranges = scanTopLevel(body, keys);
  const modelRange = ranges.get('model') ?? null;
  // A body that breaks off is refused here: a provider may wait for its rest, or take it for something else.
  if (!ranges.isWhole || (modelRange === null && body.length <= maxParsedBytes)) explainMissingModel(body);
  const model = modelRange === null ? null : readScanned(body, modelRange);
  if (model !== null && typeof model !== 'string') {
    throw new GatewayError('invalid_request', '"model" must be a string, for example "gpt-5.4-mini".', { param: 'model' });
  }
  const streamOptionsRange = ranges.get('stream_options') ?? null;
  const options = streamOptionsRange === null ? null : readScanned(body, streamOptionsRange);
  const messages = ranges.get('messages');
  return {
    model,
    modelRange,
    multipart: false,
    stream: readsTrue(body, ranges.get('stream')),
    includeUsage: typeof options === 'object' && options !== null && (options as Record<string, unknown>)['include_usage'] === true,
    streamOptionsRange,
    members: ranges.members,
    insertAt: body.indexOf(123) + 1,
    emptyMessages:
      messages !== undefined &&
      messages.end - messages.start < 64 &&
      /^\[\s*\]$/.test(body.toString('latin1', messages.start, messages.end)),
    ranges,
  };
}

const noBody: RequestHead = {
  model: null,
  modelRange: null,
  multipart: false,
  stream: false,
  includeUsage: false,
  streamOptionsRange: null,
  members: 0,
  insertAt: 0,
  emptyMessages: false,
  ranges: new Map(),
};

/** A body without a model is valid on few paths; anything that is no JSON object is an error everywhere. */
function explainMissingModel(body: Buffer): RequestHead {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new GatewayError(
      'invalid_request',
      body.length === 0 ? 'The request has no body; send JSON.' : `The body is not valid JSON: ${why}`,
      { cause },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError('invalid_request', 'The body must be a JSON object.');
  }
  return noBody;
}

function readsTrue(body: Buffer, range: JsonRange | undefined): boolean {
  return range !== undefined && range.end - range.start === 4 && body.toString('latin1', range.start, range.end) === 'true';
}

/** The `model` part of a form: its value lies between the blank line behind the part's header and the next line end. */
function readMultipart(body: Buffer): RequestHead {
  const name = body.indexOf('name="model"');
  const start = name < 0 ? -1 : body.indexOf('\r\n\r\n', name);
  const end = start < 0 ? -1 : body.indexOf('\r\n', start + 4);
  if (end < 0) return { ...noBody, multipart: true };
  const streams = body.includes('name="stream"\r\n\r\ntrue');
  return {
    ...noBody,
    model: body.toString('utf8', start + 4, end),
    modelRange: { start: start + 4, end },
    multipart: true,
    stream: streams,
  };
}

/** A replacement of some bytes of the body; `start === end` inserts. */
export interface BodyEdit {
  start: number;
  end: number;
  text: string;
}

export function renameModel(head: RequestHead, model: string): BodyEdit[] {
  if (head.modelRange === null) return [];
  return [{ ...head.modelRange, text: head.multipart ? model : JSON.stringify(model) }];
}

/** Sets `stream_options.include_usage` (pitfall S1: always ask upstream). */
export function askForUsage(body: Buffer, head: RequestHead): BodyEdit[] {
  const range = head.streamOptionsRange;
  if (range === null) return [{ start: head.insertAt, end: head.insertAt, text: '"stream_options":{"include_usage":true},' }];
  // null is a value SDKs send; a second key beside it would lose against it.
  const options = { ...(readScanned(body, range) as Record<string, unknown> | null), include_usage: true };
  return [{ ...range, text: JSON.stringify(options) }];
}

/** The body with these edits; all other bytes as they were. No edits: the same buffer. */
export function editBody(body: Buffer, edits: readonly BodyEdit[]): Buffer {
  if (edits.length === 0) return body;
  const parts: Buffer[] = [];
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(body.subarray(from, edit.start), Buffer.from(edit.text));
    from = edit.end;
  }
  parts.push(body.subarray(from));
  return Buffer.concat(parts);
}
