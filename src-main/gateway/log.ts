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

export function createLog(options: LogOptions): Log {
  const log = (level: string, message: string, detail: Record<string, unknown> = {}): void => {
    const described = Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, describe(value)]));
    // JSON escapes C0 itself; C1 and the line separators would still reach a terminal.
    const line = JSON.stringify({ at: new Date(options.clock()).toISOString(), level, message, ...described });
    options.write(
      `${options.redact(line).replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
    );
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
