import { BrowserWindow } from 'electron';
import { guardContents } from './guard-contents.ts';
import type { ShellSettingsFile } from './shell-settings.ts';
import type { SupervisorState } from './supervisor.ts';
import { renderWindowOptions, type WindowLook } from './window-options.ts';

export interface ShellWindow {
  /** Opens it, where it was closed, or brings it to the front. @param path page of the window, e.g. "/calls/call_1" */
  show(path?: string): void;
  /** Follows the gateway: its page while it runs, the offline page while it does not. */
  follow(state: SupervisorState): void;
  close(): void;
  /** null while it is closed. */
  readonly current: BrowserWindow | null;
}

export interface WindowOptions extends WindowLook {
  /** resources/offline.html */
  offlinePage: string;
  state(): SupervisorState;
  /** The user asked, on the offline page, to try again. */
  onRetry(): void;
  navigate(window: BrowserWindow, path: string): void;
}

/** A gateway that is back within this time leaves the page where it was. */
const patienceMs = 1_500;

export function createShellWindow(options: WindowOptions): ShellWindow {
  let window: BrowserWindow | null = null;
  let path = '/';
  let shows: 'page' | 'offline' | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function forget(): void {
    window = null;
    shows = null;
  }

  /** A closed window is destroyed some moments before it says so; whoever touches it then ends the app. */
  function readWindow(): BrowserWindow | null {
    if (window?.isDestroyed() === true) forget();
    return window;
  }

  function load(state: SupervisorState): void {
    const shown = readWindow();
    if (shown === null) return;
    if (shows === 'page' && state.gateway === 'restarting') {
      timer ??= setTimeout(showOffline, patienceMs);
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (state.gateway !== 'running' || state.url === null) {
      showOffline();
      return;
    }
    if (shows === 'page' && isAt(shown, state.url)) return;
    if (shows === 'page') path = readPath(shown) ?? path;
    shows = 'page';
    ignoreInterruption(shown.loadURL(new URL(path, state.url).href));
  }

  function showOffline(): void {
    timer = null;
    const shown = readWindow();
    if (shown === null) return;
    if (shows === 'page') path = readPath(shown) ?? path;
    shows = 'offline';
    const { gateway, message, url } = options.state();
    ignoreInterruption(
      shown.loadFile(options.offlinePage, { query: { state: gateway, message: message ?? '', retry: url ?? 'http://127.0.0.1/' } }),
    );
  }

  function open(): BrowserWindow {
    const opened = new BrowserWindow(renderWindowOptions(options));
    if (options.settings.read().maximised) opened.maximize();
    guardContents(opened.webContents, { gatewayUrl: () => options.state().url, onRetry: options.onRetry });
    opened.once('ready-to-show', () => opened.show());
    opened.webContents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
      // -3: another load took its place.
      if (isMainFrame && code !== -3 && shows === 'page') showOffline();
    });
    opened.on('close', () => {
      saveBounds(opened, options.settings);
      if (shows === 'page') path = readPath(opened) ?? path;
    });
    opened.on('closed', () => {
      if (window === opened) forget();
    });
    return opened;
  }

  return {
    get current() {
      return readWindow();
    },
    show(target) {
      const shown = readWindow();
      if (shown === null) {
        path = target ?? path;
        window = open();
        load(options.state());
        return;
      }
      if (shown.isMinimized()) shown.restore();
      shown.show();
      shown.focus();
      if (target === undefined) return;
      path = target;
      if (shows === 'page') options.navigate(shown, target);
    },
    follow: load,
    close: () => readWindow()?.close(),
  };
}

function saveBounds(window: BrowserWindow, settings: ShellSettingsFile): void {
  settings.save({ bounds: window.getNormalBounds(), maximised: window.isMaximized() });
}

function isAt(window: BrowserWindow, url: string): boolean {
  return window.webContents.getURL().startsWith(`${url}/`);
}

function readPath(window: BrowserWindow): string | null {
  const url = window.webContents.getURL();
  if (!url.startsWith('http://')) return null;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** A load that another one or the end of the app interrupts is no failure; real ones come as did-fail-load. */
function ignoreInterruption(loading: Promise<void>): void {
  loading.catch(() => {});
}
