/** What the desktop app gives its window, by way of the preload script. Abilities of the system only: product data comes over HTTP. */
export interface ShellBridge {
  readonly platform: 'darwin' | 'win32' | 'linux';
  /** A one-time code for the window's session with the gateway. */
  createUiCode(): Promise<string>;
  readShellState(): Promise<ShellState>;
  setOpenAtLogin(enabled: boolean): Promise<ShellState>;
  setNotifications(enabled: boolean): Promise<ShellState>;
  /** Restarts the gateway on this port once its open answers are through; rejects when the port is taken. */
  setPort(port: number): Promise<ShellState>;
  restartGateway(): Promise<void>;
  /** Opens the system's browser; only for addresses the app knows (docs, vendors' key pages). False = refused. */
  openExternal(url: string): Promise<boolean>;
  /** Shows the data folder in the file manager. */
  revealDataDir(): Promise<void>;
  /** Tells which page of the window to show, when the tray asks for one. Gives the unsubscribe function. */
  onNavigate(listener: (path: string) => void): () => void;
}

export interface ShellState {
  /** null where the system has no such thing. */
  openAtLogin: boolean | null;
  notifications: boolean;
  port: number;
  gateway: 'starting' | 'running' | 'restarting' | 'failed';
}

/** Channels between window and main process; every one is handled in shell/shell-ipc.ts. */
export const shellChannels = {
  createUiCode: 'shell:create-ui-code',
  readShellState: 'shell:read-state',
  setOpenAtLogin: 'shell:set-open-at-login',
  setNotifications: 'shell:set-notifications',
  setPort: 'shell:set-port',
  restartGateway: 'shell:restart-gateway',
  openExternal: 'shell:open-external',
  revealDataDir: 'shell:reveal-data-dir',
  navigate: 'shell:navigate',
} as const;
