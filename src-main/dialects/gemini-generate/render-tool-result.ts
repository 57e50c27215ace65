import type { DocumentPart, ImagePart, ToolCallPart, ToolResult } from '../../domain/conversation.ts';
import { asObject, parseJson } from '../json-value.ts';
import type { RenderContext } from './render-context.ts';
import { renderMedia } from './render-media.ts';
import type { WireFunctionResponse, WirePart } from './wire.ts';

export interface RenderedToolResult {
  functionResponse: WireFunctionResponse;
  /** Media that models before Gemini 3 take only in a user turn of their own. */
  media: WirePart[];
}

/**
 * The answer to a call, under the call's function name; a call nobody answered gets a synthetic one, because Gemini
 * wants exactly as many responses as calls.
 */
export function renderToolResult(
  call: ToolCallPart,
  result: ToolResult | null,
  callId: string,
  context: RenderContext,
): RenderedToolResult {
  const name = context.names.sent(call.name);
  if (result === null) {
    return { functionResponse: { id: callId, name, response: { error: 'No result: the call was not completed.' } }, media: [] };
  }
  const media = result.parts.filter((part) => part.type !== 'text').map((part, index) => renderResultMedia(part, result, index, context));
  const functionResponse: WireFunctionResponse = { id: callId, name, response: renderResponse(result, media.length > 0) };
  if (media.length === 0 || !context.capabilities.sinceGemini3) return { functionResponse, media };
  return { functionResponse: { ...functionResponse, parts: media }, media: [] };
}

/** Text of a result that no call in the conversation asked for. */
export function describeOrphan(result: ToolResult): string {
  return `[tool result ${result.callId}] ${readResultText(result)}`;
}

/** Gemini wants an object and knows the keys "output" and "error"; text that is a JSON object already goes as it is. */
function renderResponse(result: ToolResult, hasMedia: boolean): Record<string, unknown> {
  const text = readResultText(result);
  if (result.isError) return { error: text };
  const parsed = survivesParsing(text) ? asObject(parseJson(text)) : null;
  return parsed ?? { output: text === '' && hasMedia ? '[media attached]' : text };
}

/** Numbers of more than 15 digits (ids, mostly) would come out rounded; such a text is sent as text. */
function survivesParsing(text: string): boolean {
  return text.trimStart().startsWith('{') && !/\d{16}/.test(text);
}

function renderResultMedia(part: ImagePart | DocumentPart, result: ToolResult, index: number, context: RenderContext): WirePart {
  const { inlineData, fileData } = renderMedia(part, `tool[${result.callId}].media[${index}]`, context);
  return { ...(inlineData && { inlineData }), ...(fileData && { fileData }) };
}

function readResultText(result: ToolResult): string {
  return result.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n');
}
