// The gateway as a child of the desktop app: `gateway-process --port N --data-dir DIR [--config FILE]`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { GatewayMessage, ShellMessage } from './contract/process-messages.ts';
import type { Gateway } from './gateway/gateway.ts';
import { closeAndEnd, endProcess, startGateway } from './start-gateway.ts';

/** Electron's utility process has this; plain Node has a channel of its own. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { port: { type: 'string' }, 'data-dir': { type: 'string' }, config: { type: 'string' } },
});

let gateway: Gateway | null = null;
let stopping = false;
// An orphan would go on serving a port that the next start of the app needs.
process.on('disconnect', () => endProcess(0, true));
process.on('SIGTERM', () => void stop());
// Ctrl+C in a terminal reaches the whole group; the shell decides when we stop.
process.on('SIGINT', () => {});
if (parentPort === undefined) process.on('message', receive);
else parentPort.on('message', ({ data }) => receive(data));

startGateway(
  {
    port: Number(values.port ?? 7979),
    dataDir: values['data-dir'] ?? null,
    config: values.config ?? null,
    headless: false,
    entry: import.meta.url,
  },
  process.env,
).then(
  (started) => {
    gateway = started;
    if (stopping) return void closeAndEnd(started);
    tell({ type: 'listening', url: started.url, port: started.port, notices: [...started.notices] });
  },
  (error: unknown) =>
    tell({ type: 'failed', message: error instanceof Error ? error.message : 'unknown error' }, () => endProcess(78, false)),
);

function receive(message: unknown): void {
  if ((message as ShellMessage | null)?.type === 'stop') void stop();
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  tell({ type: 'stopping' });
  if (gateway !== null) await closeAndEnd(gateway);
}

/** @param then runs once the message is on its way */
function tell(message: GatewayMessage, then: () => void = () => {}): void {
  if (parentPort !== undefined) {
    parentPort.postMessage(message);
    // A port has no word for "sent".
    setTimeout(then, 100);
    return;
  }
  if (process.connected && process.send) process.send(message, undefined, undefined, then);
  else then();
}
