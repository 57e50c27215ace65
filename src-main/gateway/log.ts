/** One line of JSON per event on the given stream; every text is redacted and holds no control characters. */
export interface Log {
  info(message: string, detail?: Record<string, unknown>): void;
  error(message: string, detail?: Record<string, unknown>): void;
}

export interface LogOptions {
  write(line: string): void;
  redact(text: string): string;
  clock(): number;
}

/** JSON escapes C0 itself; C1, line separators and marks that turn the direction of text would still act on a terminal. */
const unsafeInJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function createLog(options: LogOptions): Log {
  const log = (level: string, message: string, detail: Record<string, unknown> = {}): void => {
    const described = Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, describe(value)]));
    const line = JSON.stringify({ at: new Date(options.clock()).toISOString(), level, message, ...described });
    options.write(`${options.redact(line).replace(unsafeInJson, escapeUnit)}\n`);
  };
  return { info: (message, detail) => log('info', message, detail), error: (message, detail) => log('error', message, detail) };
}

function describe(value: unknown): unknown {
  if (value instanceof Error)
    return {
      name: value.name,
      message: value.message,
      stack: value.stack
        ?.split('\n')
        .slice(1, 6)
        .map((line) => line.trim()),
      cause: describe(value.cause),
    };
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
