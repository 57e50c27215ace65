import { Buffer } from 'node:buffer';
import type { AudioPart, DocumentPart, ImagePart, UserPart } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { JsonObject } from '../json-value.ts';
import type { LossNotes } from './loss-notes.ts';

/** One text is a plain string, which every server takes; anything else is parts. */
export function renderUserContent(parts: readonly UserPart[], losses: LossNotes): string | JsonObject[] {
  noteCacheMarks(parts, losses);
  const [first] = parts;
  if (first === undefined) return '';
  return parts.length === 1 && first.type === 'text' ? first.text : parts.map(renderUserPart);
}

/** This dialect's servers cache by themselves; a mark would be an unknown field to most of them. */
export function noteCacheMarks(parts: readonly object[], losses: LossNotes): void {
  if (parts.some((part) => 'cacheTtl' in part && part.cacheTtl !== undefined)) {
    losses.note('cache_control', 'OpenAI-compatible servers cache prompts by themselves and take no marks');
  }
}

/** @throws GatewayError unsupported_feature: an answer that never saw the attachment would be wrong, not poorer */
function renderUserPart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return renderImagePart(part);
    case 'document':
      return renderDocument(part);
    case 'audio':
      return renderAudio(part);
  }
}

function renderImagePart({ source, detail }: ImagePart): JsonObject {
  if (source.kind === 'file') return refuse("an image given by another provider's file id");
  const url = source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
}

function renderDocument({ source, fileName }: DocumentPart): JsonObject {
  if (source.kind === 'file') return refuse("a document given by another provider's file id");
  if (source.kind === 'url') return refuse('a document given by URL; send its bytes instead');
  if (source.mediaType.startsWith('text/')) {
    const text = Buffer.from(source.data, 'base64').toString('utf8');
    return { type: 'text', text: fileName === undefined ? text : `${fileName}\n\n${text}` };
  }
  return { type: 'file', file: { filename: fileName ?? 'document', file_data: `data:${source.mediaType};base64,${source.data}` } };
}

function renderAudio({ source }: AudioPart): JsonObject {
  const format = source.kind === 'base64' ? audioFormats[source.mediaType] : undefined;
  if (source.kind !== 'base64' || format === undefined) return refuse('audio other than inline wav or mp3');
  return { type: 'input_audio', input_audio: { data: source.data, format } };
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

function refuse(what: string): never {
  throw new GatewayError('unsupported_feature', `This model's provider speaks OpenAI chat, which cannot carry ${what}.`);
}
