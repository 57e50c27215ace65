import { readBridge } from '../../platform/bridge.ts';

/**
 * Only on a click, only to the web, and without telling where from. The desktop app asks its own list first.
 * @returns why it was not opened; null when it was
 */
export async function openLink(url: string): Promise<string | null> {
  if (!/^https?:\/\//i.test(url)) return 'Only addresses of the web are opened.';
  const bridge = readBridge();
  if (bridge === null) {
    window.open(url, '_blank', 'noopener,noreferrer');
    return null;
  }
  try {
    return (await bridge.openExternal(url))
      ? null
      : 'A link in an answer can lead anywhere, so the app opens only pages of providers and tools that it knows.';
  } catch {
    return 'The system found no browser to open it with.';
  }
}
