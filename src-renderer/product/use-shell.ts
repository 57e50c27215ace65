import { useState } from 'react';
import { type Shell, shells } from './shell.ts';

const storageKey = 'tollgate-shell';

/** The shell whose lines are shown; remembered in this browser or window. */
export function useShell(): [Shell, (shell: Shell) => void] {
  const [shell, setShell] = useState(readShell);
  const choose = (next: Shell): void => {
    localStorage.setItem(storageKey, next);
    setShell(next);
  };
  return [shell, choose];
}

function readShell(): Shell {
  const stored = localStorage.getItem(storageKey);
  return shells.find(({ value }) => value === stored)?.value ?? guessShell(readPlatform());
}

/** @param platform "Windows", "Win32", "macOS", "Linux x86_64" */
export function guessShell(platform: string): Shell {
  return /^win/i.test(platform) ? 'powershell' : 'sh';
}

function readPlatform(): string {
  const { userAgentData, platform } = navigator as Navigator & { userAgentData?: { platform: string } };
  return userAgentData?.platform || platform;
}
