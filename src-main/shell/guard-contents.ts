import { type App, type Session, shell, type WebContents } from 'electron';
import { isAllowedExternal, isAllowedPermission, isOwnPage } from './navigation-policy.ts';

interface Guard {
  gatewayUrl(): string | null;
  /** The offline page's one link leads to the gateway; while that is down it means "try again". */
  onRetry(): void;
}

/** The page may move within the gateway's own origin, and opens nothing. */
export function guardContents(contents: WebContents, { gatewayUrl, onRetry }: Guard): void {
  contents.on('will-navigate', (event) => {
    if (contents.getURL().startsWith('file:')) {
      event.preventDefault();
      onRetry();
    } else if (!isOwnPage(event.url, gatewayUrl())) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url, gatewayUrl())) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  // A link with target=_blank goes to the browser when its host is known, else nowhere.
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url);
    return { action: 'deny' };
  });
}

/** The only way out of the app. False = refused. */
export async function openExternal(url: unknown): Promise<boolean> {
  if (!isAllowedExternal(url)) return false;
  await shell.openExternal(url);
  return true;
}

/** Holds for every page there ever is, whoever made it. */
export function guardApp(app: App, session: Session): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(isAllowedPermission(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowedPermission(permission));
  session.setDevicePermissionHandler(() => false);
}
