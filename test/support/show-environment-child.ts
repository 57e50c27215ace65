/** Loaded into a gateway before it starts (`node --import`): on SIGUSR2 it starts a child, as a library might, and prints what that child inherits. */
import { execFile } from 'node:child_process';

process.on('SIGUSR2', () => {
  execFile('env', (_error, stdout) => process.stdout.write(`inherited ${JSON.stringify(stdout)}\n`));
});
