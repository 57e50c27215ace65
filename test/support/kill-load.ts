import { request } from 'node:http';
import { parseCallId } from '../../src-main/domain/call-id.ts';
import { type CallerPath, callerPaths, hasProperEnd } from './caller-paths.ts';
import type { GatewayClient } from './test-gateway-client.ts';

/** What one caller has seen of one call when the gateway died. */
export interface SeenCall {
  readonly path: CallerPath;
  readonly stream: boolean;
  /** Row id; null when not even the headers came. */
  id: number | null;
  /** The whole answer came, with the end its dialect has. */
  sawEnd: boolean;
}

export interface Load {
  /** Resolves when the first byte of any answer is there. */
  readonly firstByte: Promise<void>;
  /** Resolves when every caller has lost its connection. */
  readonly seen: Promise<SeenCall[]>;
}

/** Callers that ask without a pause, streaming and not, in all dialects, until the gateway is gone. */
export function startLoad(gateway: Pick<GatewayClient, 'url' | 'key'>, callers: number): Load {
  const { promise: firstByte, resolve: noteByte } = Promise.withResolvers<void>();
  const seen: SeenCall[] = [];
  let turn = 0;
  const runCaller = async (): Promise<void> => {
    for (;;) {
      const path = callerPaths[turn % callerPaths.length];
      if (path === undefined) return;
      const call: SeenCall = { path, stream: turn % 3 !== 0, id: null, sawEnd: false };
      turn++;
      seen.push(call);
      if (!(await ask(gateway, call, noteByte))) return;
    }
  };
  return { firstByte, seen: Promise.all(Array.from({ length: callers }, runCaller)).then(() => seen) };
}

/** false = the connection is lost. */
function ask({ url, key }: Pick<GatewayClient, 'url' | 'key'>, call: SeenCall, noteByte: () => void): Promise<boolean> {
  const { path, body } = call.path.request('Tell me a story.', call.stream);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const outgoing = request(url + path, { method: 'POST', headers, agent: false }, (response) => {
    noteByte();
    call.id = parseCallId(String(response.headers['x-tollgate-call-id']));
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    response.on('error', () => resolve(false));
    response.on('end', () => {
      call.sawEnd = response.complete && response.statusCode === 200 && (!call.stream || hasProperEnd(call.path.callerDialect, text));
      resolve(response.complete);
    });
  });
  outgoing.on('error', () => resolve(false));
  outgoing.end(JSON.stringify(body));
  return promise;
}
