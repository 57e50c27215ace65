import type { ShellBridge } from '../../src-main/contract/shell-api.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop app; a browser has none. */
    readonly tollgateShell?: ShellBridge;
  }
}

/** What the desktop app can do beyond a page; null in a browser. */
export function readBridge(): ShellBridge | null {
  return window.tollgateShell ?? null;
}
