import { describe, expect, it, vi } from 'vitest';
import { shellChannels } from '../../src-main/contract/shell-api.ts';
import { registerShellIpc } from '../../src-main/shell/shell-ipc.ts';
import { renderWindowOptions } from '../../src-main/shell/window-options.ts';

const openExternal = vi.hoisted(() => vi.fn(async () => {}));
vi.mock('electron', () => ({ shell: { openExternal, openPath: vi.fn(async () => '') }, BrowserWindow: class {}, screen: {} }));

const own = { url: 'http://127.0.0.1:7979/settings', parent: null };

function register() {
  const handlers = new Map<string, (event: object, argument?: unknown) => Promise<unknown>>();
  const calls: unknown[] = [];
  const note = (name: string) => async (value?: unknown) => void calls.push([name, value]);
  registerShellIpc(
    { handle: (channel, handler) => void handlers.set(channel, handler as never) },
    {
      gatewayUrl: () => 'http://127.0.0.1:7979',
      dataDir: '/data',
      createUiCode: async () => 'code',
      readState: () => ({ openAtLogin: null, notifications: false, port: 7979, gateway: 'running' }),
      setOpenAtLogin: note('login'),
      setNotifications: note('notifications'),
      setPort: note('port'),
      restartGateway: note('restart'),
    },
  );
  const ask = (channel: string, argument?: unknown, senderFrame: object | null = own) => handlers.get(channel)?.({ senderFrame }, argument);
  return { handlers, calls, ask };
}

describe('shell IPC', () => {
  it('answers on every channel the window may ask on', async () => {
    const { handlers, ask } = register();
    expect([...handlers.keys()].sort()).toEqual(
      Object.values(shellChannels)
        .filter((channel) => channel !== shellChannels.navigate)
        .sort(),
    );
    expect(await ask(shellChannels.createUiCode)).toBe('code');
  });

  it('refuses whoever is not the gateway’s own top page', async () => {
    const { handlers, calls, ask } = register();
    const strangers = [
      null,
      { ...own, parent: own },
      { url: 'http://127.0.0.1:7980/', parent: null },
      { url: 'file:///x/offline.html', parent: null },
      { url: '', parent: null },
    ];
    for (const channel of handlers.keys()) {
      for (const stranger of strangers) await expect(ask(channel, true, stranger)).rejects.toThrow('may not ask');
    }
    expect(calls).toEqual([]);
  });

  it('takes only sound arguments, whatever is sent', async () => {
    const { calls, ask } = register();
    const odd: unknown[] = [undefined, null, 0, -1, 80, 1.5, 70_000, '8080', 'x', [], {}, Number.NaN, () => 1, { valueOf: () => 8080 }];
    for (const value of odd) {
      await expect(ask(shellChannels.setPort, value)).rejects.toThrow();
      await expect(ask(shellChannels.setNotifications, value)).rejects.toThrow();
      await expect(ask(shellChannels.setOpenAtLogin, value)).rejects.toThrow();
      expect(await ask(shellChannels.openExternal, value)).toBe(false);
    }
    expect(calls).toEqual([]);
    expect(openExternal).not.toHaveBeenCalled();
    await ask(shellChannels.setPort, 8080);
    expect(calls).toEqual([['port', 8080]]);
    expect(await ask(shellChannels.openExternal, 'https://console.x.ai/')).toBe(true);
  });
});

describe('window options', () => {
  it('gives the page nothing of Node and no inspector in a release', () => {
    const settings = { read: () => ({ port: 1, notifications: false, bounds: null, maximised: false }), save: () => {} };
    expect(renderWindowOptions({ preload: '/p', icon: '/i', settings, isRelease: true })).toMatchObject({
      minWidth: 720,
      minHeight: 480,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        allowRunningInsecureContent: false,
        devTools: false,
      },
    });
  });
});
