import type { Command } from 'commander';
import { type Environment, resolveDataDir } from '../machine/data-dir.ts';
import { type AdminClient, openAdminClient } from './admin-client.ts';
import { readGatewayLocation } from './gateway-location.ts';
import { renderPrintableJson } from './printable.ts';

/** Standard input as far as secrets are read from it. */
export type CliInput = NodeJS.ReadableStream & { isTTY?: boolean };

/** The outside world of the commands. */
export interface CliWorld {
  environment: Environment;
  /** Epoch ms. */
  clock: () => number;
  stdin: CliInput;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** What every command works with. */
export interface CliContext extends CliWorld {
  /** @throws CliError when Tollgate is not running, or is not who answers */
  connect(): Promise<AdminClient>;
  print(text: string): void;
  /** Notes that are not the result: they stay off a pipe. */
  note(text: string): void;
  printJson(value: unknown): void;
}

/** @param program holds the options --data-dir and --url */
export function createCliContext(program: Command, world: CliWorld): CliContext {
  return {
    ...world,
    connect: () => {
      const { dataDir, url } = program.opts<{ dataDir?: string; url?: string }>();
      return openAdminClient(readGatewayLocation(dataDir ?? resolveDataDir(world.environment), url));
    },
    print: (text) => void world.stdout.write(text),
    note: (text) => void world.stderr.write(text),
    printJson: (value) => void world.stdout.write(`${renderPrintableJson(value)}\n`),
  };
}
