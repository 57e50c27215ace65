import { readBridge } from '../../platform/bridge.ts';

/** Only on a click, only to the web, and without telling where from. The desktop app asks its own list first. */
export function openLink(url: string): void {
  if (!/^https?:\/\//i.test(url)) return;
  const bridge = readBridge();
  if (bridge === null) window.open(url, '_blank', 'noopener,noreferrer');
  else void bridge.openExternal(url);
}
