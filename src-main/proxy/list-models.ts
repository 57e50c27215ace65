import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import type { DataRoute } from './data-routes.ts';
import type { OpenCall } from './open-call.ts';
import type { ListedModel, ProxyDependencies } from './proxy-dependencies.ts';

/** `GET /v1/models` in the shape of the SDK that asks, and `GET /v1beta/models` in Gemini's. */
export async function listModels(dependencies: ProxyDependencies, call: OpenCall): Promise<void> {
  const all = await dependencies.readModels();
  const allowed = all.filter((model) => call.caller?.allows(model.provider, model.id) === true);
  const shape = resolveShape(call.route, call.request.headers);
  const body = Buffer.from(
    JSON.stringify(call.route.model === null ? shape.renderList(allowed) : shape.renderOne(findModel(allowed, call.route.model))),
  );
  const headers = ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)];
  call.response.writeHead(200, [...dependencies.baseHeaders, 'x-tollgate-call-id', call.idText, ...headers]);
  call.response.end(body);
}

function findModel(models: readonly ListedModel[], wanted: string): ListedModel {
  const name = wanted.replace(/^models\//, '').toLowerCase();
  const found = models.find((model) => model.id.toLowerCase() === name || `${model.provider}/${model.id}`.toLowerCase() === name);
  if (found === undefined)
    throw new GatewayError('model_not_found', `No model ${JSON.stringify(wanted.slice(0, 120))} here. GET /v1/models lists them.`, {
      param: 'model',
    });
  return found;
}

interface ListShape {
  renderOne(model: ListedModel): unknown;
  renderList(models: readonly ListedModel[]): unknown;
}

/** No provider says when a model was made in all three shapes; the field is required, so it is the epoch. */
const openaiShape: ListShape = {
  renderOne: ({ id, provider }) => ({ id, object: 'model', created: 0, owned_by: provider }),
  renderList: (models) => ({ object: 'list', data: models.map(openaiShape.renderOne) }),
};

const anthropicShape: ListShape = {
  renderOne: ({ id }) => ({ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' }),
  renderList: (models) => ({
    data: models.map(anthropicShape.renderOne),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }),
};

const geminiShape: ListShape = {
  renderOne: ({ id }) => ({
    name: `models/${id}`,
    baseModelId: id,
    displayName: id,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }),
  renderList: (models) => ({ models: models.filter((model) => model.provider === 'gemini').map(geminiShape.renderOne) }),
};

/** Three vendors' SDKs ask the same path; each sends a header that only it has. */
function resolveShape(route: DataRoute, headers: IncomingHttpHeaders): ListShape {
  if (route.dialect === 'gemini-generate' || headers['x-goog-api-key'] !== undefined) return geminiShape;
  return headers['anthropic-version'] === undefined ? openaiShape : anthropicShape;
}
