import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The states of a Linux keychain, made with a private D-Bus and a real GNOME Keyring, without a display: `no-bus` (no
 * session bus at all) · `no-service` (a bus, nobody answers for secrets) · `no-collection` (a service without a default
 * keyring) · `locked` · `unlocked` · `unanswering` (the service hangs).
 */
export type KeyringState = 'no-bus' | 'no-service' | 'no-collection' | 'locked' | 'unlocked' | 'unanswering';

export interface SessionResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface SessionCommand {
  state: KeyringState;
  /** Where the keyring files live; the same folder in two sessions is the same user logging in twice. */
  home: string;
  /** Program and arguments. */
  command: readonly string[];
  /** After this the whole session is killed. */
  timeoutMs?: number;
}

/** A bus that starts no services by itself, whatever is installed. */
const lonelyBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

const awaitService = `for i in $(seq 200); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
  sleep 0.02
done`;

const runAndStop = `"$@"; code=$?; kill -KILL $daemon; exit $code`;
const lockedDaemon = 'gnome-keyring-daemon --foreground --components=secrets </dev/null >/dev/null 2>&1 & daemon=$!';
const unlockedDaemon = 'gnome-keyring-daemon --foreground --unlock --components=secrets < <(printf pw) >/dev/null 2>&1 & daemon=$!';

const setups: Record<Exclude<KeyringState, 'no-bus'>, string> = {
  'no-service': '"$@"',
  'no-collection': [lockedDaemon, awaitService, runAndStop].join('\n'),
  locked: [lockedDaemon, awaitService, runAndStop].join('\n'),
  unlocked: [unlockedDaemon, awaitService, runAndStop].join('\n'),
  unanswering: [unlockedDaemon, awaitService, 'kill -STOP $daemon', runAndStop].join('\n'),
};

/** Runs a program in a session whose keychain is in this state. Throws with the install command when a tool is missing. */
export async function runInKeyringSession({ state, home, command, timeoutMs = 10_000 }: SessionCommand): Promise<SessionResult> {
  requireTools(['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon']);
  const runtimeDir = mkdtempSync(join(tmpdir(), 'tollgate-run-'));
  chmodSync(runtimeDir, 0o700);
  const busConfig = join(runtimeDir, 'bus.conf');
  writeFileSync(busConfig, lonelyBus);
  const bus = state === 'no-service' ? [`--config-file=${busConfig}`] : [];
  const argv = state === 'no-bus' ? command : ['dbus-run-session', ...bus, '--', 'bash', '-c', setups[state], 'session', ...command];
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: runtimeDir, LC_ALL: 'C.UTF-8' };
  try {
    return await runGroup(argv, env, timeoutMs);
  } finally {
    rmSync(runtimeDir, { recursive: true, force: true });
  }
}

/** In its own process group, so that a hung session leaves nothing behind. */
function runGroup([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<SessionResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const killGroup = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(killGroup, timeoutMs);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout, stderr });
    });
  });
}

function requireTools(tools: readonly string[]): void {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const missing = tools.filter((tool) => !folders.some((folder) => canExecute(join(folder, tool))));
  if (missing.length === 0) return;
  throw new Error(`missing: ${missing.join(', ')}. Run: apt-get update && apt-get install -y --no-install-recommends dbus gnome-keyring`);
}

function canExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
