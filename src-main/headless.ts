import { GatewayError } from './domain/gateway-error.ts';
import type { Gateway } from './gateway/gateway.ts';
import { closeAndEnd, endProcess, startGateway } from './start-gateway.ts';

export interface ServeOptions {
  port: number;
  /** Anything but loopback is refused: there is no switch for it yet. */
  host: string;
  dataDir: string | null;
  config: string | null;
  json: boolean;
}

/**
 * `tollgate serve`: the gateway without a window. Resolves when it listens; stops on SIGTERM and SIGINT.
 * @param environment loses the keys that are read from it
 */
export async function serve(options: ServeOptions, environment: NodeJS.ProcessEnv): Promise<Gateway> {
  if (options.host !== '127.0.0.1' && options.host !== 'localhost') {
    throw new GatewayError(
      'config_invalid',
      `--host ${options.host} is refused: Tollgate listens on 127.0.0.1 and ::1 only, so that nobody else on the network can spend your keys. Leave --host out.`,
    );
  }
  const { port, dataDir, config } = options;
  const gateway = await startGateway({ port, dataDir, config, headless: true, entry: import.meta.url }, environment);
  stopOnSignal(gateway);
  announce(gateway, options.json, environment['npm_command'] === undefined ? 'tollgate' : 'npm run --silent tollgate --');
  return gateway;
}

function announce(gateway: Gateway, json: boolean, program: string): void {
  if (json) {
    // Whoever reads the one line does not read notes: they go where the log goes.
    for (const message of gateway.notices) process.stderr.write(`${JSON.stringify({ level: 'notice', message })}\n`);
    console.log(JSON.stringify({ event: 'listening', url: gateway.url, pid: process.pid }));
    return;
  }
  for (const notice of gateway.notices) console.log(`note: ${notice}`);
  console.log(`Tollgate listens on ${gateway.url}`);
  console.log(`  base URL for OpenAI programs: ${gateway.url}/v1`);
  console.log(`  make a key for your tools:    ${program} key create --name NAME`);
  console.log('  a model that needs no key:    demo/echo');
}

/** First signal: open answers may finish. Second: now. */
function stopOnSignal(gateway: Gateway): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) endProcess(1, true);
    stopping = true;
    void closeAndEnd(gateway);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
