import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GatewayMessage, ShellMessage } from '../../src-main/contract/process-messages.ts';
import { changePort } from '../../src-main/shell/change-port.ts';
import { createSupervisor, type GatewayChild, type Supervisor } from '../../src-main/shell/supervisor.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { createGatewayClient } from '../support/test-gateway-client.ts';

/** A child that does what the test says. */
interface FakeChild extends GatewayChild {
  readonly port: number;
  readonly sent: ShellMessage[];
  killed: boolean;
  say(message: GatewayMessage): void;
  exit(code: number): void;
}

function createFakes() {
  const children: FakeChild[] = [];
  const states: string[] = [];
  const supervisor = createSupervisor({
    port: 7979,
    backoffMs: 1,
    stopTimeoutMs: 50,
    fork: (port) => children[children.push(fakeChild(port)) - 1] as FakeChild,
  });
  supervisor.watch(({ gateway }) => states.push(gateway));
  return { supervisor, children, states, last: () => children.at(-1) as FakeChild };
}

function fakeChild(port: number): FakeChild {
  let message: (message: GatewayMessage) => void = () => {};
  let exit: (code: number | null) => void = () => {};
  return {
    port,
    pid: 1,
    sent: [],
    killed: false,
    send(sent) {
      this.sent.push(sent);
    },
    kill() {
      this.killed = true;
      exit(null);
    },
    onMessage: (listener) => {
      message = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    say: (said) => message(said),
    exit: (code) => exit(code),
  };
}

const listening = (port: number): GatewayMessage => ({ type: 'listening', url: `http://127.0.0.1:${port}`, port, notices: [] });

describe('supervisor', () => {
  it('restarts a crashed gateway on the port it had', async () => {
    const { supervisor, children, states, last } = createFakes();
    supervisor.start();
    last().say(listening(5555));
    last().exit(139);
    await vi.waitFor(() => expect(children).toHaveLength(2));
    expect(last().port).toBe(5555);
    last().say(listening(5555));
    expect(states).toEqual(['starting', 'running', 'restarting', 'running']);
  });

  it('says why a gateway could not start, and tries again only when asked', async () => {
    const { supervisor, children, last } = createFakes();
    supervisor.start();
    last().say({ type: 'failed', message: 'The port is taken.' });
    last().exit(78);
    expect(supervisor.state).toMatchObject({ gateway: 'failed', message: 'The port is taken.' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(children).toHaveLength(1);
    supervisor.start();
    expect(supervisor.state).toMatchObject({ gateway: 'starting', message: null });
    expect(children).toHaveLength(2);
  });

  it('gives up after crashes in a row', async () => {
    const { supervisor, children, last } = createFakes();
    supervisor.start();
    for (let crash = 1; crash <= 6; crash++) {
      await vi.waitFor(() => expect(children).toHaveLength(crash));
      last().exit(11);
    }
    expect(supervisor.state).toMatchObject({ gateway: 'failed', message: 'The gateway stopped 6 times in a row (code 11).' });
  });

  it('asks it to stop, and kills it only when it does not', async () => {
    const { supervisor, states, last } = createFakes();
    supervisor.start();
    last().say(listening(5555));
    const stopped = supervisor.stop();
    expect(last().sent).toEqual([{ type: 'stop' }]);
    await stopped;
    expect(last().killed).toBe(true);
    expect(states.at(-1)).toBe('stopping');
  });

  it('goes back to the old port when the new one fails', async () => {
    const { supervisor, children, last } = createFakes();
    supervisor.start();
    last().say(listening(5555));
    const moved = changePort(supervisor, 5556).catch((error: Error) => error.message);
    await vi.waitFor(() => expect(children[0]?.sent).toHaveLength(1));
    last().exit(0);
    await vi.waitFor(() => expect(children).toHaveLength(2));
    last().say({ type: 'failed', message: 'No.' });
    last().exit(78);
    await vi.waitFor(() => expect(children).toHaveLength(3));
    last().say(listening(5555));
    expect(await moved).toBe('No.');
    expect(children.map(({ port }) => port)).toEqual([7979, 5556, 5555]);
  });

  it('does not touch the gateway when the new port is taken', async () => {
    const { supervisor, children, last } = createFakes();
    supervisor.start();
    last().say(listening(5555));
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    await expect(changePort(supervisor, port)).rejects.toThrow(`Port ${port} is taken by`);
    expect(children).toHaveLength(1);
    expect(supervisor.state.gateway).toBe('running');
  });
});

describe('supervisor with the real gateway process', () => {
  it('brings a killed one back on its port, with every call that was answered', async () => {
    const { supervisor, dataDir } = startReal();
    await running(supervisor);
    const url = supervisor.state.url ?? '';
    const { secret } = await createGatewayClient(url, dataDir, '').admin<{ secret: string }>('/admin/keys', {
      method: 'POST',
      body: { name: 'test' },
    });
    const client = createGatewayClient(url, dataDir, secret);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: 'hi' }] }),
      ),
    );
    process.kill(supervisor.pid ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(supervisor.state.gateway).toBe('restarting'), 5_000);
    await running(supervisor);
    expect(supervisor.state.url).toBe(url);
    // What the journal held is put into the ledger once the gateway listens.
    await vi.waitFor(async () => {
      for (const reply of replies) expect((await client.readCall(reply)).status).toBe('ok');
    }, 5_000);
  });

  it('stops at once although a page follows its events', async () => {
    const { supervisor, dataDir } = startReal();
    await running(supervisor);
    const { url } = supervisor.state;
    const client = createGatewayClient(url ?? '', dataDir, '');
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const token = await client.admin<{ code: string }>('/admin/ui-code', { method: 'POST' });
    const session = await client.send('/admin/ui-session', { method: 'POST', body: token, key: null, headers: { origin: url ?? '' } });
    const events = await fetch(`${url}/admin/events`, {
      headers: { authorization: `Bearer ${session.json<{ token: string }>().token}` },
      signal: abort.signal,
    });
    expect(events.status).toBe(200);
    const startedAt = Date.now();
    await supervisor.stop();
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});

function startReal(): { supervisor: Supervisor; dataDir: string } {
  const dataDir = makeTemporaryFolder();
  const supervisor = createSupervisor({
    port: 0,
    fork(port) {
      const child = fork(join(import.meta.dirname, '../../src-main/gateway-process.ts'), ['--port', String(port), '--data-dir', dataDir], {
        execArgv: [],
        env: { PATH: process.env['PATH'] ?? '', HOME: dataDir, TOLLGATE_VAULT: 'file' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      return {
        pid: child.pid,
        send: (message) => void child.send(message),
        kill: () => void child.kill('SIGKILL'),
        onMessage: (listener) => void child.on('message', (message) => listener(message as GatewayMessage)),
        onExit: (listener) => void child.once('exit', listener),
      };
    },
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  return { supervisor, dataDir };
}

function running(supervisor: Supervisor): Promise<void> {
  return vi.waitFor(() => expect(supervisor.state.gateway).toBe('running'), { timeout: 10_000, interval: 20 });
}
