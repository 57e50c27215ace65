import { Command } from 'commander';
import { type CliWorld, createCliContext } from './cli-context.ts';
import { registerCalls } from './commands/calls.ts';
import { registerKey } from './commands/key.ts';
import { registerOpen } from './commands/open.ts';
import { registerPrice } from './commands/price.ts';
import { registerProvider } from './commands/provider.ts';
import { registerSpend } from './commands/spend.ts';
import { registerStatus } from './commands/status.ts';
import { registerVault } from './commands/vault.ts';

export interface CliOptions extends CliWorld {
  version: string;
  /** Adds `serve`, which runs the gateway itself and so belongs to the entry. `program.opts().dataDir` is already parsed. */
  registerServe?: (program: Command) => void;
}

/** `tollgate …`: every command but `serve` works over the admin API of a running gateway. */
export function createCli(options: CliOptions): Command {
  const program = new Command('tollgate')
    .description('A local AI gateway for one developer.')
    .version(options.version)
    .option('--data-dir <folder>', 'data folder of the gateway')
    .option('--url <url>', 'where the gateway listens, if not as DATA_DIR/gateway.json says')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void options.stdout.write(text),
      writeErr: (text) => void options.stderr.write(text),
    });
  const context = createCliContext(program, options);
  options.registerServe?.(program);
  registerStatus(program, context);
  registerOpen(program, context);
  registerKey(program, context);
  registerProvider(program, context);
  registerSpend(program, context);
  registerCalls(program, context);
  registerPrice(program, context);
  registerVault(program, context);
  return program;
}
