import { renderSse } from '../dialects/sse.ts';
import type { ChatEvent } from '../domain/chat-event.ts';
import { createResponseCollector } from '../domain/collect-response.ts';
import type { ChatResponse } from '../domain/conversation.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { type DemoModel, demoModels } from './demo-models.ts';
import { type OpenCall, writeToCaller } from './open-call.ts';
import type { DemoProvider, ProxyDependencies } from './proxy-dependencies.ts';
import { closeCall, settleCall } from './settle-call.ts';

/** `demo/…` models inside the gateway: the whole pipeline without a key. Their price is made up and kept out of spend. */
export const demoProvider: DemoProvider = {
  async answer(dependencies, call, body) {
    const { caller } = dependencies.dialects[call.route.dialect];
    const model: DemoModel | undefined = demoModels.find((candidate) => candidate.name === call.target?.model.toLowerCase());
    if (caller === undefined || call.route.endpoint !== 'chat') {
      throw new GatewayError('unsupported_feature', 'The demo models answer /v1/chat/completions only.', { status: 400 });
    }
    if (model === undefined) {
      const names = demoModels.map(({ name }) => `demo/${name}`).join(', ');
      throw new GatewayError('model_not_found', `There is no such demo model. Known: ${names}.`, { param: 'model' });
    }
    const request = caller.parseRequest(body);
    const events = model.answer(request, call.idText);
    if (!request.stream) return answerWhole(dependencies, call, events, (response) => caller.renderResponse(response));
    const requestedModel = call.start?.requestedModel ?? request.model;
    const render = caller.createStreamRenderer({ model: requestedModel, includeUsage: request.includeUsage, createdAt: call.startedAt });
    await streamAnswer(dependencies, call, events, (event) => render(event).map(renderSse).join(''));
  },
};

function answerWhole(
  dependencies: ProxyDependencies,
  call: OpenCall,
  events: readonly ChatEvent[],
  render: (response: ChatResponse) => unknown,
): void {
  const collector = createResponseCollector(call.startedAt);
  events.forEach(collector.take);
  const { response } = collector;
  const body = Buffer.from(JSON.stringify(render({ ...response, model: call.start?.requestedModel ?? response.model })));
  call.firstByteMs = call.elapsed();
  call.responseBytes = body.length;
  call.sent.push(body);
  const facts = {
    usage: response.usage,
    responseId: response.id,
    model: response.model,
    finishReason: response.choices[0]?.finishReason ?? null,
  };
  settleCall(dependencies.settle, call, { status: 'ok', httpStatus: 200, facts, error: null });
  const headers = ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)];
  call.response.writeHead(200, [...dependencies.baseHeaders, 'x-tollgate-call-id', call.idText, ...headers]);
  call.response.end(body);
  closeCall(dependencies.settle, call);
}

/** Word by word at about fifty a second, so that a stream looks like one. */
async function streamAnswer(
  dependencies: ProxyDependencies,
  call: OpenCall,
  events: readonly ChatEvent[],
  render: (event: ChatEvent) => string,
): Promise<void> {
  // No provider's answer is waited for: the start has to be in the file before the caller sees a byte.
  await dependencies.ledger.written();
  if (call.hungUp) return;
  const headers = ['content-type', 'text/event-stream; charset=utf-8'];
  call.response.writeHead(200, [...dependencies.baseHeaders, 'x-tollgate-call-id', call.idText, ...headers]);
  let finishReason: string | null = null;
  for (const event of events) {
    if (call.hungUp) return;
    if (event.type === 'usage') call.usage = event.usage;
    if (event.type === 'finish') finishReason = event.reason;
    const text = render(event);
    if (event.type === 'end') {
      settleCall(dependencies.settle, call, {
        status: 'ok',
        httpStatus: 200,
        facts: { usage: call.usage, model: call.target?.model ?? null, responseId: null, finishReason },
        error: null,
        pendingBytes: Buffer.byteLength(text),
      });
    }
    if (text !== '') writeToCaller(call, Buffer.from(text));
    if (event.type === 'text-delta' || event.type === 'reasoning-delta' || event.type === 'tool-call-delta') await dependencies.wait(20);
  }
  call.response.end();
  closeCall(dependencies.settle, call);
}
