import { type BrowserWindowConstructorOptions, screen } from 'electron';
import type { ShellSettingsFile, WindowBounds } from './shell-settings.ts';

export interface WindowLook {
  preload: string;
  icon: string;
  settings: ShellSettingsFile;
  /** A release has no inspector. */
  isRelease: boolean;
}

/** What a window of ours is allowed to do; the same in every one. */
export function renderWindowOptions({ preload, icon, settings, isRelease }: WindowLook): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    ...readVisibleBounds(settings.read().bounds),
    minWidth: 720,
    minHeight: 480,
    title: 'Tollgate',
    icon,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      devTools: !isRelease,
      spellcheck: false,
    },
  };
}

/** A screen may have gone since. */
function readVisibleBounds(bounds: WindowBounds | null): Partial<WindowBounds> {
  if (bounds === null) return {};
  const { workArea } = screen.getDisplayMatching(bounds);
  const overlaps =
    bounds.x < workArea.x + workArea.width - 80 &&
    bounds.x + bounds.width > workArea.x + 80 &&
    bounds.y >= workArea.y - 20 &&
    bounds.y < workArea.y + workArea.height - 80;
  return overlaps ? bounds : { width: bounds.width, height: bounds.height };
}
