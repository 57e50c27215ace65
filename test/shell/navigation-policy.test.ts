import { describe, expect, it } from 'vitest';
import { isAllowedExternal, isAllowedPermission, isOwnPage, isTrustedSender } from '../../src-main/shell/navigation-policy.ts';

const gateway = 'http://127.0.0.1:7979';
const foreign = [
  'https://127.0.0.1:7979/',
  'http://127.0.0.1:7980/',
  'http://127.0.0.1/',
  'http://localhost:7979/',
  'http://[::1]:7979/',
  'http://127.0.0.1:7979@example.com/',
  'http://user@127.0.0.1:7979/',
  'http://127.0.0.1:7979.example.com/',
  'http://example.com/#http://127.0.0.1:7979/',
  'ws://127.0.0.1:7979/',
  'blob:http://127.0.0.1:7979/x',
  'view-source:http://127.0.0.1:7979/',
  'file:///etc/passwd',
  'about:blank',
  'data:text/html,x',
  'javascript:alert(1)',
  'chrome://gpu',
  'devtools://devtools/',
  '//127.0.0.1:7979/',
  '',
  'nonsense',
];
const schemes = [
  'file',
  'smb',
  'ms-msdt',
  'calculator',
  'javascript',
  'data',
  'ftp',
  'ssh',
  'telnet',
  'tel',
  'mailto',
  'vscode',
  'slack',
  'steam',
  'ms-settings',
  'search-ms',
  'ms-officecmd',
  'jar',
  'blob',
  'about',
  'chrome',
  'ws',
  'wss',
  'http',
  'intent',
  'itms',
  'x-apple.systempreferences',
  'ldap',
  'nfs',
  'dav',
  'webcal',
  'magnet',
  'irc',
  'git',
  'svn',
  'sftp',
  'rdp',
  'vnc',
  'zoommtg',
  'msteams',
];

describe('navigation policy', () => {
  it('knows the gateway’s own pages and no others', () => {
    for (const path of ['/', '/calls/call_1?x=1', '/settings#top']) expect(isOwnPage(gateway + path, gateway)).toBe(true);
    expect(foreign.filter((url) => isOwnPage(url, gateway))).toEqual([]);
    expect(isOwnPage(`${gateway}/`, null)).toBe(false);
  });

  it('hands only known https addresses to the system', () => {
    for (const url of ['https://platform.openai.com/api-keys', 'https://console.x.ai/', 'https://aistudio.google.com/app/apikey']) {
      expect(isAllowedExternal(url)).toBe(true);
    }
    for (const scheme of schemes) expect(isAllowedExternal(`${scheme}://platform.openai.com/`), scheme).toBe(false);
    const refused = [
      'https://example.com/',
      'https://platform.openai.com.example.com/',
      'https://platform.openai.com:8443/',
      'https://a:b@platform.openai.com/',
      'https://evil@platform.openai.com/',
      '\\\\unc\\share',
      null,
      7,
      {},
      ['https://console.x.ai/'],
      `https://console.x.ai/${'x'.repeat(3000)}`,
    ];
    for (const url of refused) expect(isAllowedExternal(url)).toBe(false);
  });

  it('grants no permission but writing to the clipboard', () => {
    for (const name of [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
      'openExternal',
      'fullscreen',
      'hid',
      'usb',
      'serial',
    ]) {
      expect(isAllowedPermission(name)).toBe(false);
    }
    expect(isAllowedPermission('clipboard-sanitized-write')).toBe(true);
  });

  it('listens to the top frame of the gateway’s page only', () => {
    expect(isTrustedSender({ url: `${gateway}/calls`, isTopFrame: true }, gateway)).toBe(true);
    expect(isTrustedSender({ url: `${gateway}/calls`, isTopFrame: false }, gateway)).toBe(false);
    expect(isTrustedSender(null, gateway)).toBe(false);
    for (const url of foreign) expect(isTrustedSender({ url, isTopFrame: true }, gateway), url).toBe(false);
  });
});
