import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from 'electron';

export interface OpenAtLogin {
  /** null where the system has no such thing, or this copy of the app is no installed one. */
  read(): boolean | null;
  set(enabled: boolean): void;
}

/** Started at login, the app stays in the tray. */
export const hiddenSwitch = '--hidden';

/**
 * @param program what the login starts; null when this copy is not installed
 * @param autostartFile Linux: ~/.config/autostart/tollgate.desktop
 */
export function createOpenAtLogin(
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>,
  program: string | null,
  autostartFile: string,
): OpenAtLogin {
  if (program === null) return { read: () => null, set: () => {} };
  if (process.platform === 'linux') return createXdgAutostart(program, autostartFile);
  return {
    read: () => app.getLoginItemSettings({ args: [hiddenSwitch] }).openAtLogin,
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args: [hiddenSwitch] }),
  };
}

/** Electron has no word for it on Linux; the Desktop Application Autostart Specification has. */
function createXdgAutostart(program: string, file: string): OpenAtLogin {
  return {
    read: () => existsSync(file),
    set(enabled) {
      if (!enabled) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, renderDesktopEntry(program));
    },
  };
}

export function renderDesktopEntry(program: string): string {
  const quoted = `"${program.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')}"`;
  return `[Desktop Entry]\nType=Application\nName=Tollgate\nExec=${quoted} ${hiddenSwitch}\nIcon=tollgate\nTerminal=false\nX-GNOME-Autostart-enabled=true\n`;
}
