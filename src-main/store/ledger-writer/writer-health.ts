import type { StoreErrorCode } from '../store-error.ts';

/** What is wrong with writing, in words for the user; told only when it changes. */
export interface WriterHealth {
  /** Writing does not work at the moment. */
  report(code: StoreErrorCode, detail: string): void;
  /** Writing works again. */
  resolve(): void;
  /** Something that happened and cannot be mended: stays until the end of the process. */
  add(message: string): void;
}

export function createWriterHealth(onChange: (message: string | null) => void): WriterHealth {
  let trouble: string | null = null;
  const lasting = new Set<string>();
  let told: string | null = null;

  function tell(): void {
    const messages = [...(trouble === null ? [] : [trouble]), ...lasting];
    const message = messages.length === 0 ? null : messages.join(' ');
    if (message !== told) onChange(message);
    told = message;
  }

  return {
    report: (code, detail) => {
      trouble = renderTrouble(code, detail);
      tell();
    },
    resolve: () => {
      trouble = null;
      tell();
    },
    add: (message) => {
      lasting.add(message);
      tell();
    },
  };
}

function renderTrouble(code: StoreErrorCode, detail: string): string {
  if (code === 'disk_full')
    return 'The disk is full. Calls go on and are kept in the journal as long as it has room; bodies are not recorded. Free some space.';
  if (code === 'busy') return 'Another program has locked traces.db. Calls are kept in the journal until it lets go.';
  return `traces.db cannot be written (${detail}). Calls are kept in the journal and written when it works again.`;
}
