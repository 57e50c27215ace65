/** Addresses of the window's pages besides "/": each is answered with the page itself, so that it can be loaded again or kept. */
const pagePath = /^\/(?:start|connect|providers|keys|settings|calls(?:\/call_[a-z0-9]{1,40})?)$/;

/** @param path without query */
export function isPagePath(path: string): boolean {
  return path === '/' || pagePath.test(path);
}
