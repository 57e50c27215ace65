import { join } from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
import { isInTrouble, renderTrayMenu, renderTrayTitle, type TrayAction, type TrayState } from './tray-menu.ts';

export interface ShellTray {
  show(state: TrayState): void;
  /** The menu as it stands, for tests. */
  labels(): string[];
  close(): void;
}

/** The icon and its menu. A system without a tray shows nothing, and the window still works. */
export function createTray(iconDir: string, act: (action: TrayAction) => void): ShellTray {
  const tray = new Tray(readImage(iconDir, false));
  let shown = '';
  let labels: string[] = [];
  let inTrouble = false;
  const paint = (): void => tray.setImage(readImage(iconDir, inTrouble));
  nativeTheme.on('updated', paint);
  // On Windows a click opens the app; elsewhere the menu comes by itself.
  tray.on('click', () => {
    if (process.platform === 'win32') act('open');
  });
  return {
    show(state) {
      const items = renderTrayMenu(state);
      const title = renderTrayTitle(state);
      const key = JSON.stringify([items, title, isInTrouble(state)]);
      // A menu that is replaced closes under the pointer.
      if (key === shown) return;
      shown = key;
      labels = items.map((item) => (item.separator ? '-' : item.label));
      tray.setContextMenu(
        Menu.buildFromTemplate(
          items.map((item) => {
            if (item.separator) return { type: 'separator' };
            const { action, label } = item;
            return action === null
              ? { label: escapeLabel(label), enabled: false }
              : { id: action, label: escapeLabel(label), click: () => act(action) };
          }),
        ),
      );
      tray.setToolTip(`Tollgate · ${title}`);
      if (process.platform === 'darwin') tray.setTitle(title.replace(/ today$/, ''));
      if (inTrouble !== isInTrouble(state)) {
        inTrouble = isInTrouble(state);
        paint();
      }
    },
    labels: () => labels,
    close() {
      nativeTheme.off('updated', paint);
      tray.destroy();
    },
  };
}

/** "&" marks a key in menus. */
function escapeLabel(label: string): string {
  return label.replaceAll('&', '&&');
}

/** macOS tints a template itself; elsewhere the ink follows the system's theme. */
function readImage(iconDir: string, inTrouble: boolean): Electron.NativeImage {
  const name =
    process.platform === 'darwin'
      ? inTrouble
        ? 'tray-error'
        : 'trayTemplate'
      : inTrouble
        ? 'tray-error'
        : nativeTheme.shouldUseDarkColors
          ? 'tray-dark'
          : 'tray';
  return nativeImage.createFromPath(join(iconDir, `${name}.png`));
}
