import { Menu, type MenuItemConstructorOptions } from 'electron';

/** Keys like copy, paste and zoom work only through a menu. Reload and the inspector are for development. */
export function installApplicationMenu(isRelease: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(renderApplicationMenu(isRelease, process.platform === 'darwin')));
}

export function renderApplicationMenu(isRelease: boolean, isMac: boolean): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }];
  const development: MenuItemConstructorOptions[] = isRelease
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [{ role: 'close' }, ...(isMac ? [] : [{ role: 'quit' } as const])] },
    { role: 'editMenu' },
    { label: 'View', submenu: [...view, ...development] },
    { role: 'windowMenu' },
  ];
}
