import type { CacheMark, ChatRequest, Loss } from '../../domain/conversation.ts';
import type { RenderedRequest, UpstreamModel } from '../dialect.ts';
import type { JsonObject } from '../json-value.ts';
import { resolveToolNames } from '../tool-names.ts';
import { resolveCapabilities } from './capabilities.ts';
import { describeFormat, renderGenerationConfig } from './generation-config.ts';
import { renderContents, renderSystemParts } from './render-contents.ts';
import type { RenderContext } from './render-context.ts';
import { legalToolName, renderTools } from './render-tools.ts';
import type { WireContent, WirePart } from './wire.ts';

/**
 * Body of generateContent and streamGenerateContent. The model is not in it: Google takes it from the URL, where the
 * stream is chosen too.
 * @throws GatewayError unsupported_feature for a file id of another provider
 */
export function renderRequest(request: ChatRequest, target: UpstreamModel): RenderedRequest {
  const losses: Loss[] = request.unmapped.map(({ path, reason }) => ({ path, reason }));
  const names = resolveToolNames(request, { legalName: legalToolName, wrapsCustom: true });
  const context: RenderContext = {
    target,
    capabilities: resolveCapabilities(target.model),
    names,
    lose: (path, reason) => losses.push({ path, reason }),
  };
  if (hasCacheMarks(request)) context.lose('cache_control', 'Gemini finds repeated prefixes by itself; cache marks cannot be set.');
  if (request.userId !== null) context.lose('user', 'Gemini takes no end-user id.');

  const system = renderSystemParts(request);
  const formatWish = describeFormat(request, context);
  if (formatWish !== null) system.push({ text: formatWish });
  const config = renderGenerationConfig(request, context);
  const body: JsonObject = {
    ...placeSystem(system, renderContents(request, context)),
    ...renderTools(request, context),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...renderServiceTier(request.serviceTier, context),
  };
  return { body, losses, toolNames: names.sentTools };
}

/** A request needs contents: where the caller sent system messages only, they are what the user says. */
function placeSystem(system: WirePart[], contents: WireContent[]): JsonObject {
  if (system.length === 0) return { contents };
  if (contents.length === 0) return { contents: [{ role: 'user', parts: system }] };
  return { systemInstruction: { parts: system }, contents };
}

const tierOf: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  ['standard_only', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
]);

function renderServiceTier(tier: string | null, { lose }: RenderContext): JsonObject {
  if (tier === null || tier === 'auto') return {};
  const serviceTier = tierOf.get(tier);
  if (serviceTier !== undefined) return { serviceTier };
  lose('service_tier', `Gemini has no service tier "${tier}".`);
  return {};
}

function hasCacheMarks(request: ChatRequest): boolean {
  const isMarked = (element: CacheMark): boolean => element.cacheTtl !== undefined;
  return (
    request.tools.some(isMarked) ||
    request.messages.some((message) =>
      message.role === 'tool'
        ? message.results.some((result) => isMarked(result) || result.parts.some(isMarked))
        : message.parts.some((part) => 'cacheTtl' in part && isMarked(part)),
    )
  );
}
