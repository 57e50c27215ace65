import { type IpcMain, shell } from 'electron';
import { type ShellState, shellChannels } from '../contract/shell-api.ts';
import { openExternal } from './guard-contents.ts';
import { isTrustedSender } from './navigation-policy.ts';

export interface ShellAbilities {
  gatewayUrl(): string | null;
  dataDir: string;
  createUiCode(): Promise<string>;
  readState(): ShellState;
  setOpenAtLogin(enabled: boolean): void;
  setNotifications(enabled: boolean): void;
  setPort(port: number): Promise<void>;
  restartGateway(): Promise<void>;
}

/** Every channel of the window. Who does not come from the gateway's own page gets an error and nothing happens. */
export function registerShellIpc(ipc: Pick<IpcMain, 'handle'>, abilities: ShellAbilities): void {
  const handle = <T>(channel: string, parse: (argument: unknown) => T, run: (value: T) => unknown): void =>
    ipc.handle(channel, async ({ senderFrame }, argument: unknown) => {
      const sender = senderFrame === null ? null : { url: senderFrame.url, isTopFrame: senderFrame.parent === null };
      if (!isTrustedSender(sender, abilities.gatewayUrl())) throw new Error('This page may not ask for that.');
      return run(parse(argument));
    });
  handle(shellChannels.createUiCode, parseNothing, () => abilities.createUiCode());
  handle(shellChannels.readShellState, parseNothing, () => abilities.readState());
  handle(shellChannels.setOpenAtLogin, parseSwitch, (enabled) => {
    abilities.setOpenAtLogin(enabled);
    return abilities.readState();
  });
  handle(shellChannels.setNotifications, parseSwitch, (enabled) => {
    abilities.setNotifications(enabled);
    return abilities.readState();
  });
  handle(shellChannels.setPort, parsePort, async (port) => {
    await abilities.setPort(port);
    return abilities.readState();
  });
  handle(shellChannels.restartGateway, parseNothing, () => abilities.restartGateway());
  handle(shellChannels.openExternal, (url) => url, openExternal);
  handle(shellChannels.revealDataDir, parseNothing, async () => {
    await shell.openPath(abilities.dataDir);
  });
}

function parseNothing(): void {}

function parseSwitch(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('Expected true or false.');
  return value;
}

function parsePort(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1024 || value > 65_535) {
    throw new Error('A port is a number from 1024 to 65535.');
  }
  return value;
}
