import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { unsupportedMediaType } from './error-replies.ts';
import type { UiSessions } from './ui-sessions.ts';

const CodeSchema = Type.Object({ code: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false });
const TokenSchema = Type.Object({ token: Type.String() });

/**
 * POST /admin/ui-session: the page trades the code of its URL fragment for a token. No cookie: browsers send those to
 * every port of this machine.
 */
export function registerUiSession(app: FastifyInstance, sessions: UiSessions): void {
  app.post<{ Body: { code: string } }>('/admin/ui-session', {
    config: { guard: 'ui-code' },
    schema: { body: CodeSchema, response: { 200: TokenSchema } },
    preValidation: async (request) => {
      if (request.headers['content-type'] === undefined) throw unsupportedMediaType();
    },
    handler: async (request) => ({ token: sessions.exchange(request.body.code) }),
  });
}
