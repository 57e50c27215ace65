#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createCli } from './cli/create-cli.ts';
import { runCli } from './cli/run-cli.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const { env: environment, stdin, stdout, stderr } = process;

// `tollgate calls | head` closes the pipe: that is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(createCli({ version, environment, clock: Date.now, stdin, stdout, stderr }), process.argv.slice(2), stderr);
