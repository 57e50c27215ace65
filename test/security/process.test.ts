import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader } from '../../src-main/store/open-reader.ts';
import { runCliProcess } from '../support/cli-process.ts';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { findBytes, listOpenFiles } from '../support/find-bytes.ts';
import { listDoors } from '../support/gateway-doors.ts';
import { listListeners, type ServeProcess, spawnServe } from '../support/serve-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;
let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await openFakeUpstream();
});
afterAll(() => upstream.close());

/** A data folder that does not exist yet, in a folder that anyone may enter: only its own mode protects it. */
function chooseDataDir(): string {
  const folder = makeTemporaryFolder();
  chmodSync(folder, 0o755);
  return join(folder, 'data');
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false)).once('timeout', () => settle(false));
  });
}

describe('A7, A8: where it listens', () => {
  it('is 127.0.0.1 and ::1 and nothing else; G10: SIGUSR1 opens no inspector', async () => {
    const serve = await spawnServe({ dataDir: chooseDataDir(), args: ['--json'] });
    const expected = [`127.0.0.1:${serve.port}`, `[::1]:${serve.port}`];
    expect(listListeners(serve.pid)).toEqual(expected);
    expect(await canConnect('::1', serve.port)).toBe(true);
    const outside = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter(({ internal }) => !internal));
    for (const { address, scopeid } of outside) {
      if (scopeid === 0 || scopeid === undefined) expect(await canConnect(address, serve.port), address).toBe(false);
    }
    process.kill(serve.pid, 'SIGUSR1');
    // An answer shows that the signal has been taken.
    for (let i = 0; i < 5; i++) expect((await serve.client.send('/healthz', { key: null })).status).toBe(200);
    expect(listListeners(serve.pid)).toEqual(expected);
    expect(serve.stderr()).not.toContain('Debugger');
    expect(await serve.stop()).toBe(0);
  });

  it('stops at once although a browser holds a connection on which it has asked nothing', async () => {
    const serve = await spawnServe({ dataDir: chooseDataDir(), args: ['--json'] });
    const socket = connect(serve.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    // The answer shows that the connection before it was taken.
    expect((await serve.client.send('/healthz', { key: null })).status).toBe(200);
    const stoppedAt = performance.now();
    expect(await serve.stop()).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  });

  it.each(['0.0.0.0', '::', 'example.com'])('--host %j is refused with a hint, and nothing is left', async (host) => {
    const dataDir = chooseDataDir();
    const { code, stderr } = await runCliProcess(['serve', '--port', '0', '--data-dir', dataDir, '--host', host]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is refused: Tollgate listens on 127\.0\.0\.1 and ::1 only.*Leave --host out/);
    expect(() => readFileSync(join(dataDir, 'admin-token'))).toThrow('ENOENT');
  });

  it.each(['127.0.0.1', '::1'])('refuses to start where %s is held by another program, and names it', async (host) => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen({ port: 0, host }, resolve));
    const { port } = squatter.address() as { port: number };
    const startedAt = performance.now();
    const { code, stderr } = await runCliProcess(['serve', '--port', String(port), '--data-dir', chooseDataDir()]);
    expect(code).toBe(1);
    expect(stderr).toContain(`:${port} is already taken by pid ${process.pid} (`);
    process.stdout.write(`A8: refused in ${Math.round(performance.now() - startedAt)} ms\n`);
    squatter.close();
  });
});

describe('A13: another user of this machine', () => {
  const key = 'sk-canary-file-modes-0123456789';
  const passphrase = 'canary horse battery staple';

  async function useGateway(serve: ServeProcess): Promise<void> {
    const added = await serve.cli(['provider', 'add', 'openai', '--base-url', `${upstream.origin}/openai/v1`], key);
    expect(added.stderr).toBe('');
    const caller = (await serve.cli(['key', 'create', '--name', 'x'])).stdout.trim();
    for (const model of ['gpt-5.4-mini', 'demo/echo']) {
      const body = { model, messages: [{ role: 'user', content: 'x' }] };
      const reply = await serve.client.send('/v1/chat/completions', { key: caller, body });
      expect(reply.status).toBe(200);
      await serve.client.readCall(reply);
    }
  }

  it.each(['file', 'passphrase'])(
    'can open no file of ours, with umask 0 and the %s vault: while it runs, after a kill, after a stop',
    async (vault) => {
      const dataDir = chooseDataDir();
      const environment = { TOLLGATE_VAULT: vault, TOLLGATE_PASSPHRASE: passphrase };
      const first = await spawnServe({ dataDir, environment });
      await useGateway(first);
      expect(listOpenFiles(dataDir)).toEqual([]);
      // Nor is there a process beside it that could leak something.
      expect(readFileSync(`/proc/${first.pid}/task/${first.pid}/children`, 'utf8')).toBe('');
      await first.stop('SIGKILL');
      const second = await spawnServe({ dataDir, environment });
      expect(listOpenFiles(dataDir)).toEqual([]);
      expect(await second.stop()).toBe(0);
      // The daily copy of the settings comes seconds after the start; here at once.
      const threadUrl = new URL('../../src-main/store/reader-thread.ts', import.meta.url);
      const reader = await openReader({ dataDir, threadUrl, backUpAfterMs: 0 });
      await expect.poll(() => listNames(dataDir)).toContain('backups');
      await expect.poll(() => listNames(join(dataDir, 'backups'))).toEqual([expect.stringMatching(/^config-.*\.db$/)]);
      await reader.close();
      expect(listOpenFiles(dataDir)).toEqual([]);
      expect(findBytes(dataDir, [key, passphrase])).toEqual([]);
      expect(listNames(dataDir)).toEqual(
        expect.arrayContaining([
          'admin-token',
          'config.db',
          'traces.db',
          'journal',
          vault === 'file' ? 'vault.key' : 'vault-passphrase.json',
        ]),
      );
    },
  );

  it('the modes are looked at: a file with 0644 is found', () => {
    const dataDir = chooseDataDir();
    mkdirSync(dataDir, { mode: 0o700 });
    writeFileSync(join(dataDir, 'x'), '', { mode: 0o644 });
    expect(listOpenFiles(dataDir)).toEqual([`644 ${join(dataDir, 'x')}`]);
  });

  it.skipIf(!isRoot)(
    'gets 401 on everything but the open routes, and reads neither files nor environment (as nobody; needs root)',
    async () => {
      const dataDir = chooseDataDir();
      const environment = { TOLLGATE_VAULT: 'file', TOLLGATE_PASSPHRASE: 'correct horse battery' };
      const serve = await spawnServe({ dataDir, environment });
      const doors = listDoors().filter(({ method }) => method !== 'HEAD');
      const requests = doors.map(
        ({ method, path }) =>
          `url = "${serve.url}${path}"\nrequest = "${method}"\noutput = "/dev/null"\nwrite-out = "%{http_code}\\n"\nsilent\ngloboff\nmax-time = 10\n`,
      );
      const { stdout } = await runAsNobody('curl -K -', requests.join('next\n'));
      const statuses = stdout.trim().split('\n').map(Number);
      expect(statuses).toHaveLength(doors.length);
      const open = doors.filter((_, index) => statuses[index] !== 401).map(({ method, path }) => `${method} ${path}`);
      expect(open.sort()).toEqual(['GET /', 'GET /healthz', 'GET /identify', 'POST /admin/ui-session']);
      const files = ['admin-token', 'gateway.json', 'config.db', 'traces.db'].map((name) => join(dataDir, name));
      for (const path of [...files, `/proc/${serve.pid}/environ`]) {
        const tried = await runAsNobody(`cat ${path}`);
        expect(tried, path).toMatchObject({ stdout: '' });
        expect(tried.stderr).toContain('Permission denied');
      }
      // Anyone may read the command line.
      expect((await runAsNobody(`cat /proc/${serve.pid}/cmdline`)).stdout).toContain('serve');
      await serve.stop();
    },
  );
});

describe('B9: keys given by environment', () => {
  const environment = {
    OPENAI_API_KEY: 'sk-canary-environment-0123456789',
    TOLLGATE_KEY: 'tk_canary_environment_0123456789',
    TOLLGATE_PASSPHRASE: 'canary passphrase of the environment',
    UNRELATED: 'stays',
  };
  const config = {
    providers: [{ id: 'openai', baseUrl: 'http://127.0.0.1:9/v1', keyFromEnv: 'OPENAI_API_KEY' }],
    callerKeys: [{ name: 'ci', keyFromEnv: 'TOLLGATE_KEY' }],
  };
  const secrets = [environment.OPENAI_API_KEY, environment.TOLLGATE_KEY, environment.TOLLGATE_PASSPHRASE];

  function writeConfig(): string {
    const path = join(makeTemporaryFolder(), 'tollgate.json');
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  async function readInherited(serve: ServeProcess): Promise<string> {
    process.kill(serve.pid, 'SIGUSR2');
    await expect.poll(() => serve.stdout()).toMatch(/^inherited (.*)\n/m);
    return JSON.parse(/^inherited (.*)$/m.exec(serve.stdout())?.[1] ?? '""') as string;
  }

  it('stand in no argument and in no child’s environment; /proc/PID/environ, for the same user, keeps what the process was started with', async () => {
    const args = ['--config', writeConfig()];
    const nodeArgs = ['--import', new URL('../support/show-environment-child.ts', import.meta.url).href];
    const serve = await spawnServe({ dataDir: chooseDataDir(), environment, args, nodeArgs, callerKey: environment.TOLLGATE_KEY });
    expect((await serve.client.send('/v1/models')).status).toBe(200);
    const inherited = await readInherited(serve);
    const commandLine = readFileSync(`/proc/${serve.pid}/cmdline`, 'utf8');
    expect(inherited).toContain('UNRELATED=stays');
    expect(commandLine).toContain('serve');
    for (const secret of secrets) {
      expect(inherited).not.toContain(secret);
      expect(commandLine).not.toContain(secret);
    }
    // What Node cannot change: docs/decisions/0007-environment-keys.md.
    for (const secret of secrets) expect(readFileSync(`/proc/${serve.pid}/environ`, 'utf8')).toContain(secret);
    await serve.stop();
  });

  it('given by NAME_FILE stand nowhere in /proc', async () => {
    const folder = makeTemporaryFolder();
    const files = Object.fromEntries(
      Object.entries(environment)
        .filter(([name]) => name !== 'UNRELATED')
        .map(([name, value]) => {
          const path = join(folder, name);
          writeFileSync(path, `${value}\n`, { mode: 0o600 });
          return [`${name}_FILE`, path];
        }),
    );
    const args = ['--config', writeConfig()];
    const serve = await spawnServe({ dataDir: chooseDataDir(), environment: files, args, callerKey: environment.TOLLGATE_KEY });
    expect((await serve.client.send('/v1/models')).status).toBe(200);
    const { items } = await serve.client.admin<{ items: { id: string; key: { state: string } }[] }>('/admin/providers');
    expect(items.find(({ id }) => id === 'openai')?.key.state).toBe('set');
    const shown = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${serve.pid}/${name}`, 'utf8')).join();
    for (const secret of secrets) expect(shown).not.toContain(secret);
    await serve.stop();
  });

  it('name a file that is not there: says so', async () => {
    const { code, stderr } = await runCliProcess(['serve', '--port', '0', '--data-dir', chooseDataDir(), '--config', writeConfig()], {
      environment: { TOLLGATE_KEY_FILE: '/nowhere/key' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/TOLLGATE_KEY_FILE names a file that cannot be read.*\/nowhere\/key/);
  });
});

async function runAsNobody(command: string, input = ''): Promise<{ stdout: string; stderr: string }> {
  const child = spawn('su', ['nobody', '-s', '/bin/sh', '-c', command]);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
