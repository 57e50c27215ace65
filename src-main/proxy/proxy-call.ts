import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderCallId } from '../domain/call-id.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { endAttempt } from './attempt-call.ts';
import { authenticateCaller } from './authenticate-caller.ts';
import type { DataRoute } from './data-routes.ts';
import { exchangeCall } from './exchange-call.ts';
import { containFailure, describeStart, failCall } from './fail-call.ts';
import { factsBytes, recordedBytes } from './kept-answer.ts';
import { listModels } from './list-models.ts';
import { type OpenCall, openCall } from './open-call.ts';
import type { ProxyDependencies } from './proxy-dependencies.ts';
import { readLabels } from './read-labels.ts';
import { readRequestHead } from './read-model.ts';
import { readRequestBody } from './read-request.ts';
import { toGatewayError } from './reply-error.ts';
import { resolveTarget } from './resolve-target.ts';
import { closeCall, settleCall } from './settle-call.ts';

export type ProxyCall = (request: IncomingMessage, response: ServerResponse, route: DataRoute) => Promise<void>;

/** One call from the first byte to the ledger: this function is the list of its stages. Never rejects. */
export function createProxyCall(dependencies: ProxyDependencies): ProxyCall {
  return async (request, response, route) => {
    const id = dependencies.newCallId();
    const facts = { id, idText: renderCallId(id), startedAt: dependencies.clock(), route, request, response };
    const call = openCall(facts, dependencies.ticks, dependencies.settle.recordsBodies() ? recordedBytes : factsBytes);
    try {
      call.caller = authenticateCaller(dependencies.configuration, request.headers, route.query);
      if (route.action === 'list-models') return await listModels(dependencies, call);
      watchHangUp(dependencies, call);
      call.body = await readRequestBody(request);
      const byokKey = readByokKey(request);
      const head = readRequestHead(call.body, request.headers['content-type'], request.method === 'POST' && !route.stored);
      const requestedModel = route.model ?? head.model;
      call.start = describeStart(call, head.stream || route.upstreamPath.includes(':stream'), requestedModel, byokKey !== null);
      Object.assign(call.start, readLabels(request.headers, call.caller.tags, route.tags, call.body, head));
      if (head.emptyMessages)
        throw new GatewayError('invalid_request', '"messages" is empty; send at least one message.', { param: 'messages' });
      call.target = resolveTarget(dependencies.configuration, call.caller, route, requestedModel, byokKey);
      await exchangeCall(dependencies, call, call.body, head);
    } catch (thrown) {
      containFailure(dependencies, call, () => failCall(dependencies, call, toGatewayError(thrown)));
    }
  };
}

/** The caller closes its connection before it has the whole answer: the provider is told at once, the row says so. */
function watchHangUp(dependencies: ProxyDependencies, call: OpenCall): void {
  const { caller, response } = call;
  const cut = (): void => {
    response.destroy();
  };
  caller?.openCalls.add(cut);
  dependencies.openCalls.add(call);
  response.on('close', () => {
    caller?.openCalls.delete(cut);
    dependencies.openCalls.delete(call);
    if (response.writableFinished || call.closed) return;
    call.hungUp = true;
    const error = new GatewayError('client_closed', 'The caller closed the connection before the answer was complete.');
    call.handle.abort?.(error);
    containFailure(dependencies, call, () => settleHangUp(dependencies, call, error));
  });
}

function settleHangUp(dependencies: ProxyDependencies, call: OpenCall, error: GatewayError): void {
  if (call.start === null) return;
  if (!call.started) dependencies.ledger.recordStart(call.start);
  call.started = true;
  const attempt = call.attempts.at(-1);
  if (attempt !== undefined && attempt.status === null && attempt.error === null) endAttempt(attempt, call.elapsed(), null, error);
  const facts = dependencies.readPartial(call);
  settleCall(dependencies.settle, call, { status: 'client_aborted', httpStatus: 499, facts, error });
  closeCall(dependencies.settle, call);
}

/** A provider key for this call only: never stored, logged or recorded. */
function readByokKey(request: IncomingMessage): string | null {
  const value = request.headers['x-provider-api-key'];
  if (typeof value !== 'string' || value === '') return null;
  if (!/^[\x21-\x7e]{1,20000}$/.test(value)) throw new GatewayError('invalid_request', 'X-Provider-Api-Key holds characters no key has.');
  return value;
}
