import { GatewayError } from '../domain/gateway-error.ts';
import { attemptCall } from './attempt-call.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { readHeader } from './forward-headers.ts';
import type { OpenCall } from './open-call.ts';
import { type PreparedCall, parseObject, preparePassThrough, prepareTranslation } from './prepare-call.ts';
import { prepareEmbeddings } from './prepare-embeddings.ts';
import type { ProxyDependencies } from './proxy-dependencies.ts';
import type { RequestHead } from './read-model.ts';
import { readRefusedStreamOptions } from './refused-stream-options.ts';
import { relayReply } from './relay-reply.ts';
import type { Target } from './resolve-target.ts';

const hopHeader = 'x-tollgate-hop';

/** From a resolved target to the relayed answer. */
export async function exchangeCall(dependencies: ProxyDependencies, call: OpenCall, body: Buffer, head: RequestHead): Promise<void> {
  const { target, start } = call;
  if (target === null || start === null) throw new GatewayError('internal', 'No target.');
  start.provider = target.provider.id;
  start.model = target.model;
  start.upstreamDialect = target.upstreamDialect;
  const hops = readHops(call, dependencies.instanceId);

  if (target.provider.id === 'demo') {
    beginCall(dependencies, call, 'translated');
    return dependencies.demo.answer(dependencies, call, parseObject(body, head));
  }
  let prepared = prepare(dependencies, call, target, body, head);
  refuseLosses(dependencies, call, prepared);
  call.losses = prepared.losses;
  addHop(prepared, target, hops, dependencies.instanceId);
  if (prepared.translation !== null) call.upstreamBody = prepared.request.body;
  beginCall(dependencies, call, prepared.conversion);

  let reply = await send(dependencies, call, target, prepared);
  const refused = prepared.hidesUsage && reply.status >= 400 ? await readRefusedStreamOptions(reply) : null;
  if (refused !== null) {
    if (refused.retry) {
      dependencies.refusesStreamOptions.add(addressOf(target));
      prepared = prepare(dependencies, call, target, body, head);
      addHop(prepared, target, hops, dependencies.instanceId);
      call.resentAs = prepared.conversion;
      reply = await send(dependencies, call, target, prepared);
    } else reply = refused.reply;
  }
  await relayReply(dependencies, call, target, prepared, reply);
}

/** The start is in the ledger before anything leaves. */
function beginCall(dependencies: ProxyDependencies, call: OpenCall, conversion: PreparedCall['conversion']): void {
  if (call.start === null || call.hungUp) throw new GatewayError('client_closed', 'The caller closed the connection.');
  call.start.conversion = conversion;
  call.started = true;
  dependencies.ledger.recordStart(call.start);
  dependencies.onStarted(call);
}

function prepare(dependencies: ProxyDependencies, call: OpenCall, target: Target, body: Buffer, head: RequestHead): PreparedCall {
  const refusesStreamOptions = dependencies.refusesStreamOptions.has(addressOf(target));
  const input = { route: call.route, request: call.request, body, head, target, refusesStreamOptions };
  if (target.upstreamDialect === call.route.dialect) return preparePassThrough(input);
  if (call.route.endpoint === 'embeddings') return prepareEmbeddings(input, parseObject(body, head));
  return prepareTranslation(input, dependencies.dialects, dependencies.reasoning, parseObject(body, head));
}

/** One host may serve several providers under different paths. */
function addressOf({ provider }: Target): string {
  return provider.origin + provider.basePath;
}

function send(dependencies: ProxyDependencies, call: OpenCall, target: Target, prepared: PreparedCall): Promise<UpstreamReply> {
  return attemptCall({
    dispatcher: dependencies.openDispatcher(target.provider.origin),
    origin: target.provider.origin,
    request: prepared.request,
    key: target.key,
    handle: call.handle,
    callerRetries: call.request.headers['x-stainless-retry-count'] !== undefined,
    attempts: call.attempts,
    elapsed: call.elapsed,
    now: dependencies.clock,
    random: dependencies.random,
  });
}

/** Strict callers would rather have no answer than one to another question. */
function refuseLosses(dependencies: ProxyDependencies, call: OpenCall, prepared: PreparedCall): void {
  if (prepared.losses.length === 0) return;
  const strict = call.request.headers['x-tollgate-strict'] === 'true' || dependencies.configuration.settings().strictTranslation;
  if (!strict) return;
  const list = prepared.losses.map((loss) => `${loss.path}: ${loss.reason}`).join('; ');
  throw new GatewayError('unsupported_feature', `Strict mode: this provider cannot be given everything you sent (${list}).`, {
    param: prepared.losses[0]?.path ?? null,
  });
}

/** Ids of the gateways a call has passed. @throws GatewayError loop_detected when this one is among them */
function readHops(call: OpenCall, instanceId: string): string {
  const hops = readHeader(call.request.rawHeaders, hopHeader) ?? '';
  if (hops.split(',').includes(instanceId)) {
    throw new GatewayError(
      'loop_detected',
      'This call came back to the gateway it left from: a provider’s base URL points to Tollgate itself.',
    );
  }
  return hops;
}

/** Only towards addresses a user typed in: the vendors' own hosts cannot be a loop and need not know. */
function addHop(prepared: PreparedCall, target: Target, hops: string, instanceId: string): void {
  if (target.provider.vendorAddress) return;
  prepared.request.headers.push(hopHeader, hops === '' ? instanceId : `${hops},${instanceId}`);
}
