import type { AudioPart, DocumentPart, ImagePart, MediaSource } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderContext } from './render-context.ts';
import type { WirePart } from './wire.ts';

/**
 * Media go inline as base64 or, for public URLs, by reference.
 * @throws GatewayError unsupported_feature for another provider's file id, which means nothing to Google
 */
export function renderMedia(part: ImagePart | DocumentPart | AudioPart, path: string, context: RenderContext): WirePart {
  const rendered = renderSource(part.source, path);
  if (part.type === 'image' && part.detail !== undefined) Object.assign(rendered, renderDetail(part.detail, path, context));
  if (part.type === 'document' && part.fileName !== undefined) context.lose(`${path}.fileName`, 'Gemini takes no file names.');
  return rendered;
}

function renderSource(source: MediaSource, path: string): WirePart {
  switch (source.kind) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'url': {
      const mimeType = source.mediaType ?? guessMediaType(source.url);
      return { fileData: { fileUri: source.url, ...(mimeType !== undefined && { mimeType }) } };
    }
    case 'file':
      throw new GatewayError(
        'unsupported_feature',
        `The file id "${source.fileId}" belongs to another provider; send the file itself or a URL.`,
        { param: path },
      );
  }
}

function renderDetail(detail: NonNullable<ImagePart['detail']>, path: string, context: RenderContext): WirePart {
  if (detail === 'auto') return {};
  if (!context.capabilities.sinceGemini3 || detail === 'original') {
    context.lose(`${path}.detail`, `${context.target.model} has no image detail "${detail}".`);
    return {};
  }
  return { mediaResolution: { level: detail === 'low' ? 'MEDIA_RESOLUTION_LOW' : 'MEDIA_RESOLUTION_HIGH' } };
}

const mediaTypeOfExtension: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
]);

function guessMediaType(url: string): string | undefined {
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase();
  return extension === undefined ? undefined : mediaTypeOfExtension.get(extension);
}
