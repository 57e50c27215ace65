import { type Command, CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { renderPrintable } from './printable.ts';

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 it did not work, 2 it was asked wrongly
 */
export async function runCli(program: Command, args: readonly string[], stderr: NodeJS.WritableStream): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its message already; --help and --version end with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Error ? error.message : String(error);
    stderr.write(`tollgate: ${renderPrintable(message)}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
}
