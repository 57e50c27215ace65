import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { event } from './fake-upstream/anthropic.ts';

export interface FloodUpstream {
  readonly origin: string;
  /** Bytes that have left for each stream, in order of arrival. */
  readonly sentBytes: readonly number[];
  close(): Promise<void>;
}

const piece = 'So it goes on and on, word after word, without an end in sight. '.repeat(250);

/** Streams one answer of `totalBytes` as fast as it is taken: OpenAI chunks on /chat/completions, Anthropic events on /messages. */
export async function openFloodUpstream(totalBytes: number): Promise<FloodUpstream> {
  const sentBytes: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const index = sentBytes.push(0) - 1;
    const count = (bytes: number): void => {
      sentBytes[index] = (sentBytes[index] ?? 0) + bytes;
    };
    void flood(response, request.url?.endsWith('/messages') === true ? anthropic : openai, totalBytes, count);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sentBytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

interface Script {
  head: string;
  middle: string;
  tail: string;
}

const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'flood', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const openai: Script = {
  head: chunk({ role: 'assistant', content: '' }, null),
  middle: chunk({ content: piece }, null),
  tail: `${chunk({}, 'stop')}data: [DONE]\n\n`,
};

const anthropic: Script = {
  head:
    event('message_start', {
      message: {
        id: 'msg_flood',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 7 },
      },
    }) + event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  middle: event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
  tail:
    event('content_block_stop', { index: 0 }) +
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } }) +
    event('message_stop', {}),
};

async function flood(response: ServerResponse, script: Script, totalBytes: number, count: (bytes: number) => void): Promise<void> {
  const middle = Buffer.from(script.middle);
  const closed = once(response, 'close');
  response.write(script.head);
  for (let sent = 0; sent < totalBytes && !response.destroyed; sent += middle.length) {
    const flows = response.write(middle);
    count(middle.length);
    if (!flows) await Promise.race([once(response, 'drain'), closed]);
  }
  response.end(script.tail);
}
