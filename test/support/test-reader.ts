import { onTestFinished } from 'vitest';
import { type OpenReader, openReader, type ReaderOptions } from '../../src-main/store/open-reader.ts';

/** The reader with its real thread; closed when the test is over. */
export async function openTestReader(dataDir: string, options: Partial<ReaderOptions> = {}): Promise<OpenReader> {
  const threadUrl = new URL('../../src-main/store/reader-thread.ts', import.meta.url);
  const reader = await openReader({ dataDir, threadUrl, ...options });
  onTestFinished(() => reader.close());
  return reader;
}
