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

  function load(state: SupervisorState): void {
    if (window === null) return;
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
    if (shows === 'page' && isAt(window, state.url)) return;
    if (shows === 'page') path = readPath(window) ?? path;
    shows = 'page';
    ignoreInterruption(window.loadURL(new URL(path, state.url).href));
  }

  function showOffline(): void {
    timer = null;
    if (window === null) return;
    if (shows === 'page') path = readPath(window) ?? path;
    shows = 'offline';
    const { gateway, message, url } = options.state();
    ignoreInterruption(
      window.loadFile(options.offlinePage, { query: { state: gateway, message: message ?? '', retry: url ?? 'http://127.0.0.1/' } }),
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
      window = null;
      shows = null;
    });
    return opened;
  }

  return {
    get current() {
      return window;
    },
    show(target) {
      if (window === null) {
        path = target ?? path;
        window = open();
        load(options.state());
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      if (target === undefined) return;
      path = target;
      if (shows === 'page') options.navigate(window, target);
    },
    follow: load,
    close: () => window?.close(),
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
