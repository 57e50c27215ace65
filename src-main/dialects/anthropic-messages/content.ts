import type { DocumentPart, ImagePart, TextPart, ToolResult, UserPart } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderContext } from './render-context.ts';
import type { DocumentBlock, ImageBlock, ResultContent, TextBlock, ToolResultBlock } from './wire.ts';

/** Empty text is left out (null): the vendor rejects text blocks without a visible character. */
export function renderText(part: TextPart, path: string, context: RenderContext): TextBlock | null {
  if (part.signature !== undefined) context.lose(`${path}.signature`, 'A signature of another vendor means nothing to this one.');
  if (part.text.trim() === '') {
    if (part.cacheTtl) context.lose(`${path}.cacheTtl`, 'An empty text cannot carry a cache breakpoint.');
    return null;
  }
  const block: TextBlock = { type: 'text', text: part.text };
  return context.marks.mark(block, part, path);
}

/**
 * @throws GatewayError unsupported_feature for media this dialect cannot carry, invalid_request for a provider's file id
 *   or an address that is not https
 */
export function renderUserPart(part: UserPart, path: string, context: RenderContext): ResultContent | null {
  switch (part.type) {
    case 'text':
      return renderText(part, path, context);
    case 'image':
      return context.marks.mark(renderImage(part, path, context), part, path);
    case 'document':
      return context.marks.mark(renderDocument(part, path), part, path);
    case 'audio':
      throw new GatewayError('unsupported_feature', 'Claude models take no audio input.', { param: path });
  }
}

export function renderToolResult(result: ToolResult, toolUseId: string, path: string, context: RenderContext): ToolResultBlock {
  const content: ResultContent[] = [];
  for (const [index, part] of result.parts.entries()) {
    const block = renderUserPart(part, `${path}.parts[${index}]`, context);
    if (block) content.push(block);
  }
  const block: ToolResultBlock = { type: 'tool_result', tool_use_id: toolUseId };
  const only = content.length === 1 ? content[0] : undefined;
  if (only?.type === 'text' && !only.cache_control) block.content = only.text;
  else if (content.length > 0) block.content = content;
  if (result.isError) block.is_error = true;
  return context.marks.mark(block, result, path);
}

function renderImage(part: ImagePart, path: string, context: RenderContext): ImageBlock {
  if (part.detail && part.detail !== 'auto') context.lose(`${path}.detail`, 'Image detail cannot be chosen.');
  const { source } = part;
  if (source.kind === 'base64') {
    const mediaType = source.mediaType === 'image/jpg' ? 'image/jpeg' : source.mediaType;
    return { type: 'image', source: { type: 'base64', media_type: mediaType, data: source.data } };
  }
  if (source.kind === 'url') return { type: 'image', source: { type: 'url', url: httpsUrl(source.url, path) } };
  throw foreignFile(path);
}

function renderDocument(part: DocumentPart, path: string): DocumentBlock | ImageBlock {
  const { source } = part;
  if (source.kind === 'file') throw foreignFile(path);
  const title = part.fileName ? { title: part.fileName } : {};
  const mediaType = source.mediaType ?? 'application/pdf';
  if (mediaType.startsWith('image/')) {
    if (source.kind === 'url') return { type: 'image', source: { type: 'url', url: httpsUrl(source.url, path) } };
    return { type: 'image', source: { type: 'base64', media_type: mediaType, data: source.data } };
  }
  if (source.kind === 'url' && mediaType === 'application/pdf') {
    return { type: 'document', source: { type: 'url', url: httpsUrl(source.url, path) }, ...title };
  }
  if (source.kind === 'base64' && (mediaType === 'application/pdf' || source.data.startsWith(pdfStart))) {
    return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: source.data }, ...title };
  }
  if (source.kind === 'base64' && (mediaType.startsWith('text/') || mediaType === 'application/json')) {
    const data = Buffer.from(source.data, 'base64').toString('utf8');
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...title };
  }
  throw new GatewayError('unsupported_feature', `Claude models take PDF and text documents, not ${mediaType}.`, { param: path });
}

/** "%PDF-" in base64: some callers send PDFs as application/octet-stream. */
const pdfStart = 'JVBERi0';

function httpsUrl(url: string, path: string): string {
  if (url.toLowerCase().startsWith('https://')) return url;
  throw new GatewayError('invalid_request', 'Anthropic fetches media from https addresses only; send this one as base64.', { param: path });
}

function foreignFile(path: string): GatewayError {
  const message = "A provider's file id is known to that provider only; send the file itself as base64 or by https address.";
  return new GatewayError('invalid_request', message, { param: path });
}
