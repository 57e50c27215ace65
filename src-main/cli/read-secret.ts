import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { CliWorld } from './cli-context.ts';
import { CliError } from './cli-error.ts';

/**
 * A provider key from where other users of the machine cannot see it (argument lists are public): a named environment
 * variable, standard input, or a prompt that shows nothing.
 * @throws CliError when there is none
 */
export async function readSecret(world: CliWorld, prompt: string, environmentName: string | undefined): Promise<string> {
  const secret = (await readRaw(world, prompt, environmentName)).trim();
  if (secret !== '') return secret;
  const source = environmentName === undefined ? 'on standard input' : `in the environment variable ${environmentName}`;
  throw new CliError(`There is no key ${source}. Pipe it in, use --key-from-env NAME, or --no-key if the server needs none.`, 2);
}

async function readRaw(world: CliWorld, prompt: string, environmentName: string | undefined): Promise<string> {
  if (environmentName !== undefined) return world.environment[environmentName] ?? '';
  if (world.stdin.isTTY) return askHidden(world, prompt);
  return text(world.stdin);
}

async function askHidden(world: CliWorld, prompt: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Turns the terminal's own echo off; only then may the prompt invite typing.
  const line = createInterface({ input: world.stdin, output: silent, terminal: true });
  world.stderr.write(prompt);
  line.once('SIGINT', () => line.close());
  try {
    return await Promise.race([line.question(''), new Promise<string>((resolve) => line.once('close', () => resolve('')))]);
  } finally {
    line.close();
    world.stderr.write('\n');
  }
}
