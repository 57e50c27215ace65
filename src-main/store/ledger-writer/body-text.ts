/** Most characters indexed of one call. */
export const MAX_TEXT_CHARS = 256 * 1024;

/** Strings under these keys are what somebody wrote or said. */
const textKeys = new Set([
  'text',
  'content',
  'thinking',
  'reasoning',
  'reasoning_content',
  'refusal',
  'partial_json',
  'delta',
  'prompt',
  'instructions',
  'system',
]);
/** Of these, everything below: arguments and results of tools have keys of their own. */
const deepKeys = new Set(['input', 'arguments', 'args', 'output', 'response']);
const MAX_DEPTH = 40;
/** A longer string without a blank is an image, a signature or a key, not text. */
const MAX_WORD_CHARS = 400;

interface Found {
  key: string;
  text: string;
}

/**
 * The text of a request.
 * @param onlyNew only the messages behind the model's last one: what the call added to its conversation
 */
export function readRequestText(body: string, onlyNew: boolean): string {
  const request = parseObject(body);
  if (request === null) return '';
  const found: Found[] = [];
  for (const key of ['messages', 'input', 'contents']) {
    const value = request[key];
    const messages = Array.isArray(value) ? value : [value];
    const newest = onlyNew ? messages.slice(messages.findLastIndex(isFromModel) + 1) : messages;
    for (const message of newest) collect(message, key, true, false, found, 0);
  }
  for (const key of ['system', 'instructions', 'systemInstruction', 'system_instruction', 'prompt']) {
    if (!onlyNew) collect(request[key], key, true, false, found, 0);
  }
  return joinTexts(found, false);
}

/** The text of a reply, a JSON body or a stream of events. */
export function readReplyText(body: string): string {
  const found: Found[] = [];
  const isStream = !/^\s*[[{]/.test(body);
  for (const value of isStream ? readEvents(body) : [parseJson(body)]) {
    if (!repeats(value)) collect(value, '', false, false, found, 0);
  }
  return joinTexts(found, isStream);
}

function* readEvents(body: string): Generator<unknown> {
  for (const line of body.split(/\r?\n/)) {
    if (line.startsWith('data:')) yield parseJson(line.slice('data:'.length));
  }
}

/** The Responses stream says everything again at the end of each part and at the end of all. */
function repeats(event: unknown): boolean {
  return isObject(event) && typeof event['type'] === 'string' && /\.(done|completed|created|in_progress)$/.test(event['type']);
}

function isFromModel(message: unknown): boolean {
  if (!isObject(message)) return false;
  const { role, type } = message;
  return role === 'assistant' || role === 'model' || type === 'function_call' || type === 'reasoning';
}

function collect(value: unknown, key: string, isText: boolean, isDeep: boolean, found: Found[], depth: number): void {
  if (typeof value === 'string') {
    if ((isText || isDeep) && !isOpaque(value)) found.push({ key, text: value });
  } else if (Array.isArray(value)) {
    if (depth < MAX_DEPTH) for (const item of value) collect(item, key, isText, isDeep, found, depth + 1);
  } else if (isObject(value) && depth < MAX_DEPTH) {
    for (const [name, item] of Object.entries(value)) {
      collect(item, name, textKeys.has(name), isDeep || deepKeys.has(name), found, depth + 1);
    }
  }
}

function isOpaque(text: string): boolean {
  return text.length > MAX_WORD_CHARS && !/\s/.test(text.slice(0, MAX_WORD_CHARS));
}

/** Deltas of a stream are parts of words: those under the same key are put together without a gap. */
function joinTexts(found: readonly Found[], isStream: boolean): string {
  let text = '';
  let lastKey = '';
  for (const part of found) {
    if (text.length >= MAX_TEXT_CHARS) break;
    text += isStream && part.key === lastKey ? part.text : `\n${part.text}`;
    lastKey = part.key;
  }
  return text.trim().slice(0, MAX_TEXT_CHARS);
}

function parseObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
