// What the window gets of the desktop app: these functions and nothing else of Electron.
import { contextBridge, ipcRenderer } from 'electron';
import { type ShellBridge, shellChannels } from '../contract/shell-api.ts';

const bridge: ShellBridge = {
  platform: process.platform as ShellBridge['platform'],
  createUiCode: () => ipcRenderer.invoke(shellChannels.createUiCode),
  readShellState: () => ipcRenderer.invoke(shellChannels.readShellState),
  setOpenAtLogin: (enabled) => ipcRenderer.invoke(shellChannels.setOpenAtLogin, enabled),
  setNotifications: (enabled) => ipcRenderer.invoke(shellChannels.setNotifications, enabled),
  setPort: (port) => ipcRenderer.invoke(shellChannels.setPort, port),
  restartGateway: () => ipcRenderer.invoke(shellChannels.restartGateway),
  openExternal: (url) => ipcRenderer.invoke(shellChannels.openExternal, url),
  revealDataDir: () => ipcRenderer.invoke(shellChannels.revealDataDir),
  onNavigate(listener) {
    const receive = (_event: unknown, path: string): void => listener(path);
    ipcRenderer.on(shellChannels.navigate, receive);
    return () => void ipcRenderer.off(shellChannels.navigate, receive);
  },
};

contextBridge.exposeInMainWorld('tollgateShell', bridge);
