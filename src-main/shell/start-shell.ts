import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, clipboard, ipcMain, Notification, session } from 'electron';
import { openAdminClient } from '../cli/admin-client.ts';
import type { GatewayLocation } from '../cli/gateway-location.ts';
import { shellChannels } from '../contract/shell-api.ts';
import { installApplicationMenu } from './application-menu.ts';
import { changePort } from './change-port.ts';
import { createErrorBurst } from './error-burst.ts';
import { followGateway } from './follow-gateway.ts';
import { forkGateway } from './fork-gateway.ts';
import { guardApp } from './guard-contents.ts';
import { createOpenAtLogin } from './open-at-login.ts';
import { registerShellIpc } from './shell-ipc.ts';
import type { ShellOptions } from './shell-options.ts';
import { openShellSettings } from './shell-settings.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { createTray } from './tray.ts';
import { toggleRecording } from './tray-feed.ts';
import type { TrayAction } from './tray-menu.ts';
import { createShellWindow } from './window.ts';

export interface ShellPlaces {
  /** The project, or the package's app folder. */
  root: string;
  gatewayEntry: string;
  preload: string;
  autostartFile: string;
  environment: NodeJS.ProcessEnv;
}

export interface Shell {
  show(path?: string): void;
  /** Closes the window, lets open answers finish, ends the gateway. */
  stop(): Promise<void>;
  /** For tests only. */
  readonly inspect: { tray(): string[]; act(action: TrayAction): void; pid(): number | undefined; url(): string | null };
}

/** Everything of the desktop app, put together. Electron must be ready. */
export function startShell(options: ShellOptions, places: ShellPlaces): Shell {
  const { dataDir } = options;
  const settings = openShellSettings(join(dataDir, 'shell.json'));
  const supervisor = startSupervisor(options, places, options.port ?? settings.read().port);
  const location = (): GatewayLocation => readLocation(supervisor, dataDir);
  guardApp(app, session.defaultSession);
  installApplicationMenu(app.isPackaged);

  const window = createShellWindow({
    preload: places.preload,
    offlinePage: join(places.root, 'resources/offline.html'),
    icon: join(places.root, 'resources/icons/icon.png'),
    settings,
    isRelease: app.isPackaged,
    state: () => supervisor.state,
    onRetry: () => supervisor.start(),
    navigate: (target, path) => target.webContents.send(shellChannels.navigate, path),
  });
  const notify = (body: string): void => {
    if (settings.read().notifications && Notification.isSupported()) new Notification({ title: 'Tollgate', body }).show();
  };
  const readBurst = createErrorBurst();
  const tray = createTray(join(places.root, 'resources/icons'), act);
  const live = followGateway({
    supervisor,
    location,
    onState: (state) => tray.show(state),
    onEvent(event) {
      const words = readBurst(event);
      if (words !== null) notify(words);
    },
  });
  const openAtLogin = createOpenAtLogin(
    app,
    app.isPackaged ? (places.environment['APPIMAGE'] ?? process.execPath) : null,
    places.autostartFile,
  );
  registerShellIpc(ipcMain, {
    gatewayUrl: () => supervisor.state.url,
    dataDir,
    createUiCode: async () => (await (await openAdminClient(location())).call('createUiCode', {})).code,
    readState: () => ({
      openAtLogin: openAtLogin.read(),
      notifications: settings.read().notifications,
      port: supervisor.port,
      gateway: supervisor.state.gateway === 'stopping' ? 'restarting' : supervisor.state.gateway,
    }),
    setOpenAtLogin: openAtLogin.set,
    setNotifications: (notifications) => settings.save({ notifications }),
    setPort: async (port) => {
      await changePort(supervisor, port);
      settings.save({ port });
    },
    restartGateway: () => supervisor.restart(),
  });

  function act(action: TrayAction): void {
    const { lastError, recording } = live.state();
    if (action === 'open') window.show();
    if (action === 'open-calls') window.show('/calls');
    if (action === 'open-error') window.show(lastError === null ? '/calls' : `/calls/${encodeURIComponent(lastError.callId)}`);
    if (action === 'copy-base-url' && supervisor.state.url !== null) void clipboard.writeText(`${supervisor.state.url}/v1`);
    if (action === 'toggle-recording' && recording !== null)
      void toggleRecording(location(), live.recordingBefore()).catch(() => live.refresh());
    if (action === 'restart') supervisor.start();
    if (action === 'quit') app.quit();
  }

  supervisor.watch((state) => {
    window.follow(state);
    if (state.gateway === 'failed') notify(state.message ?? 'The gateway has stopped.');
  });
  supervisor.start();
  return {
    show: window.show,
    async stop() {
      window.close();
      live.close();
      await supervisor.stop();
      tray.close();
    },
    inspect: { tray: tray.labels, act, pid: () => supervisor.pid, url: () => supervisor.state.url },
  };
}

function startSupervisor(options: ShellOptions, { root, gatewayEntry, environment }: ShellPlaces, port: number): Supervisor {
  const { nodeArguments, environment: added } = JSON.parse(readFileSync(join(root, 'resources/gateway-process.json'), 'utf8')) as {
    nodeArguments: string[];
    environment: Record<string, string>;
  };
  return createSupervisor({
    port,
    fork: (portNow) =>
      forkGateway({
        entry: gatewayEntry,
        args: ['--port', String(portNow), '--data-dir', options.dataDir, ...(options.config === null ? [] : ['--config', options.config])],
        environment: { ...added, ...environment },
        nodeArguments,
        node: options.node,
        writeLog: (text) => process.stderr.write(text),
      }),
  });
}

/** The gateway is a child of ours; that it is the one at this address is proved before the token is sent. */
function readLocation(supervisor: Supervisor, dataDir: string): GatewayLocation {
  const { url } = supervisor.state;
  if (url === null) throw new Error('The gateway is not running yet.');
  return { url: new URL(url), adminToken: readFileSync(join(dataDir, 'admin-token'), 'utf8').trim(), dataDir };
}
