import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { identityNoncePattern, renderIdentityProof } from '../machine/identity-proof.ts';
import type { AdminServices } from './admin-services.ts';

const NonceSchema = Type.Object({ nonce: Type.String({ pattern: identityNoncePattern }) }, { additionalProperties: false });
const HealthSchema = Type.Object({ status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]), version: Type.String() });

/** Questions of monitors and clients: is it alive, is it really Tollgate, what are its counters. */
export function registerProbeRoutes(app: FastifyInstance, services: AdminServices, adminToken: string): void {
  app.get('/healthz', { config: { guard: 'public' }, schema: { response: { 200: HealthSchema } } }, async () => ({
    status: services.ledger.health.state,
    version: services.version,
  }));

  app.get<{ Querystring: { nonce: string } }>(
    '/identify',
    { config: { guard: 'public' }, schema: { querystring: NonceSchema } },
    async ({ query, socket }) => ({
      product: 'tollgate',
      proof: renderIdentityProof(adminToken, query.nonce, socket.localAddress ?? '', socket.localPort ?? 0),
    }),
  );

  app.get('/metrics', { config: { guard: 'admin' } }, async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(renderMetrics(services.readMetrics())),
  );
}

/** Prometheus text format 0.0.4: the samples of one family stand together under one TYPE line. */
function renderMetrics(samples: ReadonlyMap<string, number>): string {
  const families = Map.groupBy(samples, ([name]) => name.split('{', 1)[0] ?? name);
  let text = '';
  for (const [family, members] of families) {
    text += `# TYPE ${family} ${family.endsWith('_total') ? 'counter' : 'gauge'}\n`;
    for (const [name, value] of members) text += `${name} ${renderSample(value)}\n`;
  }
  return text;
}

function renderSample(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
