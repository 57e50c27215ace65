import { readFileSync } from 'node:fs';
import { GatewayError } from '../domain/gateway-error.ts';

/** Keys and passphrases that came with the environment. */
export interface EnvironmentSecrets {
  /**
   * The content of the file that NAME_FILE names, else the variable NAME; null when neither says anything.
   * @throws GatewayError config_invalid when the file cannot be read
   */
  read(name: string): string | null;
  /**
   * Takes every variable that was asked for out of the environment, so that no child process inherits it. What the system
   * shows as this process's first environment (/proc/PID/environ, to the same user only) stays: see docs/decisions/0007.
   */
  remove(): void;
}

export function createEnvironmentSecrets(environment: NodeJS.ProcessEnv): EnvironmentSecrets {
  const asked = new Set<string>();
  return {
    read(name) {
      asked.add(name);
      const file = environment[`${name}_FILE`];
      return (file ? readSecretFile(name, file) : environment[name]) || null;
    },
    remove() {
      for (const name of asked) delete environment[name];
    },
  };
}

/** Editors and `echo` end a file with a line break, which is no part of a key. */
function readSecretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('config_invalid', `${name}_FILE names a file that cannot be read: ${why}`, { cause });
  }
}
