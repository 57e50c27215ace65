import { createHash } from 'node:crypto';
import type { ChatRequest, Loss } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderedRequest, UpstreamModel } from '../dialect.ts';
import { plainToolName, resolveToolNames } from '../tool-names.ts';
import { createCacheMarks } from './cache-marks.ts';
import type { ModelCapabilities } from './capabilities.ts';
import { resolveCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';
import { renderLeadingSystem, renderMessages } from './messages.ts';
import type { RenderContext } from './render-context.ts';
import { resolveFormat } from './response-format.ts';
import { renderSampling } from './sampling.ts';
import type { OutputLimit } from './thinking.ts';
import { resolveThinking } from './thinking.ts';
import { resolveToolChoice } from './tool-choice.ts';
import { renderTools, webSearchName } from './tools.ts';

/**
 * The neutral request as a Messages body. The same request gives the same bytes once serialised.
 * @throws GatewayError unsupported_feature (n > 1, audio, media the vendor does not take) or invalid_request (file ids)
 */
export function renderRequest(request: ChatRequest, target: UpstreamModel): RenderedRequest {
  if (request.choiceCount !== null && request.choiceCount > 1) {
    throw new GatewayError('unsupported_feature', 'Claude models give one answer per call; ask for n = 1.', { status: 400, param: 'n' });
  }
  const losses: Loss[] = request.unmapped.map(({ path, reason }) => ({ path, reason }));
  const lose = (path: string, reason: string) => losses.push({ path, reason });
  const capabilities = resolveCapabilities(target.model);
  const limit = resolveOutputLimit(request, target, capabilities, lose);
  const plan = resolveThinking(request, capabilities, limit, target.model, lose);
  const names = resolveToolNames(request, {
    legalName: plainToolName,
    reserved: request.webSearch ? [webSearchName] : [],
    wrapsCustom: true,
  });
  const marks = createCacheMarks(lose);
  const prefill = capabilities.prefill && !plan.thinks;
  const context: RenderContext = { model: target.model, capabilities: { ...capabilities, prefill }, names, marks, lose };

  const tools = renderTools(request, context);
  const choice = resolveToolChoice(request, capabilities, names, plan.thinks, lose);
  const format = resolveFormat(request.responseFormat, capabilities, lose);
  const { system, count } = renderLeadingSystem(request.messages, context);
  for (const text of [choice.instruction, format.instruction]) if (text !== null) system.push({ type: 'text', text });
  const messages = renderMessages(request.messages, count, context);
  marks.settle();

  const outputConfig = { ...(plan.effort && { effort: plan.effort }), ...(format.format && { format: format.format }) };
  const userId = renderUserId(request.userId, lose);
  const serviceTier = renderServiceTier(request.serviceTier, lose);
  const body: Record<string, unknown> = {
    model: target.model,
    max_tokens: plan.maxTokens,
    ...(tools.length > 0 && { tools }),
    ...(choice.choice && { tool_choice: choice.choice }),
    ...(system.length > 0 && { system }),
    messages,
    ...(plan.thinking && { thinking: plan.thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...renderSampling(request, capabilities, plan.thinks, lose),
    ...(userId && { metadata: { user_id: userId } }),
    ...(serviceTier && { service_tier: serviceTier }),
    ...(request.stream && { stream: true }),
  };
  return { body, losses, toolNames: names.sentTools };
}

/** Without a limit of the caller's: what agents ask for when they stream, and what stays within ten minutes when they wait. */
const streamedLimit = 32_000;
const waitedLimit = 21_333;

function resolveOutputLimit(request: ChatRequest, target: UpstreamModel, capabilities: ModelCapabilities, lose: Lose): OutputLimit {
  const ceiling = target.maxOutputTokens ?? capabilities.maxOutputTokens;
  const asked = request.maxOutputTokens;
  if (asked === null) return { tokens: Math.min(ceiling, request.stream ? streamedLimit : waitedLimit), ceiling, asked: false };
  if (asked > ceiling) lose('maxOutputTokens', `The model gives at most ${ceiling} tokens.`);
  return { tokens: Math.min(asked, ceiling), ceiling, asked: true };
}

const userIdLimit = 256;

/** The vendor wants an opaque id without personal data: addresses and long values are sent as their hash. */
function renderUserId(userId: string | null, lose: Lose): string | null {
  if (!userId) return null;
  if (userId.length <= userIdLimit && !userId.includes('@')) return userId;
  lose('userId', 'The user id is sent as its SHA-256: it is an e-mail address or longer than 256 characters.');
  return createHash('sha256').update(userId).digest('hex');
}

const serviceTiers: Readonly<Record<string, 'auto' | 'standard_only'>> = {
  auto: 'auto',
  default: 'standard_only',
  standard: 'standard_only',
  standard_only: 'standard_only',
  priority: 'auto',
  fast: 'auto',
};

function renderServiceTier(tier: string | null, lose: Lose): string | null {
  if (tier === null) return null;
  const rendered = Object.hasOwn(serviceTiers, tier) ? (serviceTiers[tier] ?? null) : null;
  if (rendered === null) lose('serviceTier', `There is no service tier "${tier}" here; the account's default is used.`);
  else if (tier === 'priority' || tier === 'fast')
    lose('serviceTier', 'Priority is used where the account has bought it; it cannot be demanded.');
  return rendered;
}
