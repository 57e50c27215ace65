import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface WindowBounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the shell itself remembers; everything else lives with the gateway. */
export interface ShellSettings {
  port: number;
  notifications: boolean;
  /** null = where the system puts it. */
  bounds: WindowBounds | null;
  maximised: boolean;
}

export interface ShellSettingsFile {
  read(): ShellSettings;
  save(changes: Partial<ShellSettings>): void;
}

export const defaultShellSettings: ShellSettings = { port: 7979, notifications: false, bounds: null, maximised: false };

/** Read once; a file that cannot be read or makes no sense counts as absent. */
export function openShellSettings(path: string): ShellSettingsFile {
  let settings = parseShellSettings(readIfPresent(path));
  return {
    read: () => settings,
    save(changes) {
      settings = { ...settings, ...changes };
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

export function parseShellSettings(text: string | null): ShellSettings {
  const given = parseObject(text);
  const { port, notifications, maximised } = given;
  return {
    port: typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : defaultShellSettings.port,
    notifications: notifications === true,
    bounds: parseBounds(given['bounds']),
    maximised: maximised === true,
  };
}

function parseBounds(value: unknown): WindowBounds | null {
  const { x, y, width, height } = (value ?? {}) as Partial<WindowBounds>;
  const sane = [x, y, width, height].every((part) => Number.isInteger(part) && Math.abs(part as number) < 100_000);
  return sane ? { x: x as number, y: y as number, width: width as number, height: height as number } : null;
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
