#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createCli } from './cli/create-cli.ts';
import { runCli } from './cli/run-cli.ts';

const { stdin, stdout, stderr } = process;
const environment = process.env;

// `tollgate calls | head` closes the pipe: that is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const program = createCli({
  version: readVersion(),
  environment,
  clock: Date.now,
  stdin,
  stdout,
  stderr,
  registerServe(parent) {
    parent
      .command('serve')
      .description('run the gateway here, without a window')
      .option('--port <number>', 'port on 127.0.0.1 and ::1; 0 takes a free one', parsePort, 7979)
      .option('--host <address>', 'only 127.0.0.1, the default, is accepted', '127.0.0.1')
      .option('--config <file>', 'providers, caller keys and settings as JSON')
      .option('--json', 'print one line of JSON when ready')
      .action(async (options: { port: number; host: string; config?: string; json?: boolean }) => {
        // Loaded here only: every other command starts without the gateway's code.
        const { serve } = await import('./headless.ts');
        const { dataDir } = parent.opts<{ dataDir?: string }>();
        await serve({ ...options, dataDir: dataDir ?? null, config: options.config ?? null, json: options.json === true }, environment);
      });
  },
});

process.exitCode = await runCli(program, process.argv.slice(2), stderr);

/** From source the file lies one folder up, from the build two. */
function readVersion(): string {
  const path = ['../package.json', '../../package.json']
    .map((file) => fileURLToPath(new URL(file, import.meta.url)))
    .find((file) => existsSync(file));
  return path === undefined ? 'unknown' : (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
  return port;
}
