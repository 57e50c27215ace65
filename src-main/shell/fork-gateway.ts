import { fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { GatewayMessage } from '../contract/process-messages.ts';
import type { GatewayChild } from './supervisor.ts';

export interface GatewayProgram {
  /** out/main/gateway-process.js */
  entry: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** Switches of Node (resources/gateway-process.json). */
  nodeArguments: readonly string[];
  /** A Node 24 to run it with; null = the one inside Electron. */
  node: string | null;
  writeLog(text: string): void;
}

/** The gateway as a process of its own: a menu or a dragged window blocks Electron's main loop, and no answer may wait for that. */
export function forkGateway(program: GatewayProgram): GatewayChild {
  const { NODE_OPTIONS: _options, ...environment } = program.environment;
  return program.node === null ? forkUtility({ ...program, environment }) : forkNode({ ...program, environment }, program.node);
}

function forkNode({ entry, args, environment, nodeArguments, writeLog }: GatewayProgram, node: string): GatewayChild {
  const child = fork(entry, args, {
    execPath: node,
    execArgv: [...nodeArguments],
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8').on('data', writeLog);
  child.on('error', (error) => writeLog(`${error.message}\n`));
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    kill: () => void child.kill('SIGKILL'),
    onMessage: (listener) => void child.on('message', (message) => listener(message as GatewayMessage)),
    onExit(listener) {
      child.once('exit', listener);
      child.once('error', () => {
        if (child.pid === undefined) listener(null);
      });
    },
  };
}

function forkUtility({ entry, args, environment, nodeArguments, writeLog }: GatewayProgram): GatewayChild {
  const child = utilityProcess.fork(entry, [...args], {
    execArgv: [...nodeArguments],
    env: environment as Record<string, string>,
    serviceName: 'Tollgate gateway',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => writeLog(chunk.toString('utf8')));
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    kill: () => void child.kill(),
    onMessage: (listener) => void child.on('message', (message) => listener(message as GatewayMessage)),
    onExit: (listener) => void child.once('exit', listener),
  };
}
