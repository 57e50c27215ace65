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

/**
 * A passphrase, read as a key is; typed, it is asked for once more where it seals anew, since a slip would lock everything.
 * @throws CliError when there is none, or the two differ
 */
export async function readPassphrase(world: CliWorld, prompt: string, isNew: boolean): Promise<string> {
  // The line break that ends piped input is no part of it; spaces may be.
  const passphrase = (await readRaw(world, prompt, undefined)).replace(/\r?\n$/, '');
  if (passphrase === '') throw new CliError('There is no passphrase on standard input. Pipe it in, or type it.', 2);
  if (isNew && world.stdin.isTTY && (await askHidden(world, 'Once more: ')) !== passphrase) {
    throw new CliError('The two passphrases differ. Nothing was changed.', 2);
  }
  return passphrase;
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
