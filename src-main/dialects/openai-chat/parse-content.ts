import type { AudioPart, DocumentPart, ImagePart, MediaSource, TextPart, UserPart } from '../../domain/conversation.ts';
import { asText, type JsonObject } from '../json-value.ts';
import { readCacheMark } from './cache-mark.ts';
import { readString, reject, requireObject, requireString } from './request-field.ts';

/** Content of a user message: a string or parts. Strings of no length stay: some dialects need the turn. */
export function parseUserContent(content: unknown, path: string): UserPart[] {
  return contentList(content, path).map((part, at) => parseUserPart(part, partPath(content, path, at)));
}

/** Content that may hold text only: system and developer messages. */
export function parseTextContent(content: unknown, path: string): TextPart[] {
  return contentList(content, path).map((part, at) => {
    const where = partPath(content, path, at);
    if (part.type !== 'text') reject(`${where}.type`, `must be "text" here, not ${JSON.stringify(part.type)}`);
    return parseTextPart(part, where);
  });
}

/** Content of a tool message. OpenAI allows text only; servers that see images in results take the user's parts. */
export function parseResultContent(content: unknown, path: string): (TextPart | ImagePart | DocumentPart)[] {
  return contentList(content, path).map((part, at) => {
    const where = partPath(content, path, at);
    const parsed = parseUserPart(part, where);
    return parsed.type === 'audio' ? reject(`${where}.type`, 'must not be audio in a tool message') : parsed;
  });
}

/** Parts of content as objects; a string is one text part. */
export function contentList(content: unknown, path: string): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return reject(path, 'must be a string or an array of parts');
  return content.map((part, at) => (typeof part === 'string' ? { type: 'text', text: part } : requireObject(part, `${path}[${at}]`)));
}

export function partPath(content: unknown, path: string, at: number): string {
  return typeof content === 'string' ? path : `${path}[${at}]`;
}

export function parseTextPart(part: JsonObject, path: string): TextPart {
  const text = readString(part, 'text', `${path}.text`) ?? reject(`${path}.text`, 'is missing: it must be a string');
  return { type: 'text', text, ...readCacheMark(part) };
}

function parseUserPart(part: JsonObject, path: string): UserPart {
  switch (part.type) {
    case 'text':
      return parseTextPart(part, path);
    case 'image_url':
      return parseImagePart(part, path);
    case 'input_audio':
      return parseAudioPart(part, path);
    case 'file':
      return parseFilePart(part, path);
    default:
      return reject(
        `${path}.type`,
        `is ${JSON.stringify(part.type)}, which is not known; use "text", "image_url", "input_audio" or "file"`,
      );
  }
}

/** Some clients put PDFs into `image_url`; the data URL says what they are. */
export function parseImagePart(part: JsonObject, path: string): ImagePart | DocumentPart {
  const where = `${path}.image_url`;
  const image = typeof part.image_url === 'string' ? { url: part.image_url } : requireObject(part.image_url, where);
  const source = parseUrl(requireString(image, 'url', `${where}.url`), `${where}.url`);
  const mark = readCacheMark(part);
  if (source.kind === 'base64' && source.mediaType === 'application/pdf') return { type: 'document', source, ...mark };
  const detail = readString(image, 'detail', `${where}.detail`);
  if (detail === null) return { type: 'image', source, ...mark };
  if (detail !== 'auto' && detail !== 'low' && detail !== 'high' && detail !== 'original') {
    return reject(`${where}.detail`, 'must be "auto", "low", "high" or "original"');
  }
  return { type: 'image', source, detail, ...mark };
}

function parseAudioPart(part: JsonObject, path: string): AudioPart {
  const where = `${path}.input_audio`;
  const audio = requireObject(part.input_audio, where);
  const format = requireString(audio, 'format', `${where}.format`);
  const data = requireString(audio, 'data', `${where}.data`);
  return { type: 'audio', source: { kind: 'base64', mediaType: format === 'mp3' ? 'audio/mpeg' : `audio/${format}`, data } };
}

function parseFilePart(part: JsonObject, path: string): DocumentPart | ImagePart {
  const where = `${path}.file`;
  const file = requireObject(part.file, where);
  const mark = readCacheMark(part);
  const fileName = asText(file.filename);
  const name = fileName === null ? {} : { fileName };
  const fileId = readString(file, 'file_id', `${where}.file_id`);
  if (fileId !== null) return { type: 'document', source: { kind: 'file', fileId }, ...name, ...mark };
  const data = readString(file, 'file_data', `${where}.file_data`) ?? reject(where, 'must hold file_data or file_id');
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(data);
  const source: MediaSource = isUrl ? parseUrl(data, `${where}.file_data`) : { kind: 'base64', mediaType: 'application/pdf', data };
  const isImage = source.kind === 'base64' && source.mediaType.startsWith('image/');
  return isImage ? { type: 'image', source, ...mark } : { type: 'document', source, ...name, ...mark };
}

/** A data URL is taken apart; other addresses are the provider's to fetch, never ours. */
function parseUrl(url: string, path: string): MediaSource {
  if (/^(?:https?|gs):/i.test(url)) return { kind: 'url', url };
  const comma = url.indexOf(',');
  const header = comma < 0 ? '' : url.slice(0, comma);
  const match = /^data:([^;,]*)((?:;[^;,]*)*);base64$/i.exec(header);
  if (match === null) return reject(path, 'must be an http(s) URL or a base64 data URL ("data:image/png;base64,…")');
  return { kind: 'base64', mediaType: match[1]?.toLowerCase() || 'application/octet-stream', data: url.slice(comma + 1) };
}
