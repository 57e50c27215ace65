import type { FastifyInstance } from 'fastify';
import { type AdminEndpoint, type AdminInput, adminApi } from '../contract/admin-api.ts';
import { type AdminHandlers, RenderedReply } from './admin-handler-types.ts';
import { unsupportedMediaType } from './error-replies.ts';

type AnyHandler = (input: AdminInput<AdminEndpoint>) => Promise<unknown>;

/** One guarded route per endpoint of the contract; nothing else decides which addresses the API has. */
export function registerAdminRoutes(app: FastifyInstance, handlers: AdminHandlers): void {
  for (const name of Object.keys(adminApi) as (keyof typeof adminApi)[]) {
    const endpoint: AdminEndpoint = adminApi[name];
    const handler = handlers[name] as unknown as AnyHandler;
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      config: { guard: 'admin' },
      schema: {
        ...(endpoint.params && { params: endpoint.params }),
        ...(endpoint.query && { querystring: endpoint.query }),
        ...(endpoint.body && { body: endpoint.body }),
        response: { 200: endpoint.reply },
      },
      // A request without a content type has no parser to refuse it; it must not reach a handler that expects JSON.
      preValidation: async (request) => {
        if (endpoint.body && request.headers['content-type'] === undefined) throw unsupportedMediaType();
      },
      handler: async ({ params, query, body }, reply) => {
        const answer = await handler({ params, query, body } as AdminInput<AdminEndpoint>);
        if (!(answer instanceof RenderedReply)) return answer;
        return reply.type('application/json; charset=utf-8').send(answer.json);
      },
    });
  }
}
