/** One way to write `Host`. More than one value = the header is sent as often; none = it is left out. */
export interface HostRow {
  name: string;
  hosts: (port: number) => string[];
  enters: boolean;
}

const host = (name: string, write: (port: number) => string, enters = false): HostRow => ({ name, hosts: (port) => [write(port)], enters });

/** A1: three names enter, nothing else does. */
export const hostTable: readonly HostRow[] = [
  host('127.0.0.1', (p) => `127.0.0.1:${p}`, true),
  host('localhost', (p) => `localhost:${p}`, true),
  host('[::1]', (p) => `[::1]:${p}`, true),
  host('localhost in capitals', (p) => `LOCALHOST:${p}`, true),
  host('localhost in mixed case', (p) => `LocalHost:${p}`, true),
  host('rebound name', (p) => `evil.example:${p}`),
  host('rebound name without port', () => 'evil.example'),
  host('unspecified address', (p) => `0.0.0.0:${p}`),
  host('unspecified IPv6', (p) => `[::]:${p}`),
  host('LAN address', (p) => `192.168.1.20:${p}`),
  host('link-local metadata address', (p) => `169.254.169.254:${p}`),
  host('other loopback address', (p) => `127.0.0.2:${p}`),
  host('short loopback', (p) => `127.1:${p}`),
  host('decimal loopback', (p) => `2130706433:${p}`),
  host('hex loopback', (p) => `0x7f000001:${p}`),
  host('octal loopback', (p) => `0177.0.0.1:${p}`),
  host('padded loopback', (p) => `127.000.000.001:${p}`),
  host('mapped loopback', (p) => `[::ffff:7f00:1]:${p}`),
  host('mapped dotted loopback', (p) => `[::ffff:127.0.0.1]:${p}`),
  host('long IPv6 loopback', (p) => `[0:0:0:0:0:0:0:1]:${p}`),
  host('IPv6 loopback with zone', (p) => `[::1%25lo]:${p}`),
  host('IPv6 loopback without brackets', (p) => `::1:${p}`),
  host('localhost as a prefix', (p) => `localhost.evil.com:${p}`),
  host('localhost as a suffix', (p) => `evil-localhost:${p}`),
  host('subdomain of localhost', (p) => `foo.localhost:${p}`),
  host('wildcard DNS', (p) => `127.0.0.1.nip.io:${p}`),
  host('wildcard DNS with our name', (p) => `localhost.nip.io:${p}`),
  host('docker name', (p) => `host.docker.internal:${p}`),
  host('mDNS name', (p) => `laptop.local:${p}`),
  host('trailing dot', (p) => `localhost.:${p}`),
  host('trailing dot of an address', (p) => `127.0.0.1.:${p}`),
  host('no port', () => '127.0.0.1'),
  host('empty port', () => 'localhost:'),
  host('wrong port', (p) => `127.0.0.1:${p === 80 ? 81 : 80}`),
  host('longer port', (p) => `127.0.0.1:${p}0`),
  host('padded port', (p) => `127.0.0.1:0${p}`),
  host('user info', (p) => `evil.example@127.0.0.1:${p}`),
  host('our name as user info', (p) => `127.0.0.1:${p}@evil.example`),
  host('two names in one header', (p) => `127.0.0.1:${p}, evil.example`),
  host('our name and a path', (p) => `127.0.0.1:${p}/`),
  host('our name and a fragment', (p) => `127.0.0.1:${p}#.evil.example`),
  host('inner space', (p) => `127.0.0.1 :${p}`),
  host('letter that looks like one of ours', (p) => `l\u00f8calhost:${p}`),
  host('empty', () => ''),
  { name: 'missing', hosts: () => [], enters: false },
  { name: 'ours, then another', hosts: (p) => [`127.0.0.1:${p}`, 'evil.example'], enters: false },
  { name: 'another, then ours', hosts: (p) => ['evil.example', `127.0.0.1:${p}`], enters: false },
  { name: 'ours twice', hosts: (p) => [`127.0.0.1:${p}`, `127.0.0.1:${p}`], enters: false },
];

/** Headers that a browser adds, and whether such a request may enter. */
export interface OriginRow {
  name: string;
  headers: (port: number) => string[];
  enters: boolean;
}

const origin = (name: string, write: (port: number) => string, enters = false): OriginRow => ({
  name: `Origin: ${name}`,
  headers: (port) => [`Origin: ${write(port)}`],
  enters,
});
const site = (value: string, enters = false): OriginRow => ({
  name: `Sec-Fetch-Site: ${value}`,
  headers: () => [`Sec-Fetch-Site: ${value}`],
  enters,
});

export const originTable: readonly OriginRow[] = [
  { name: 'no browser headers', headers: () => [], enters: true },
  origin('own address', (p) => `http://127.0.0.1:${p}`, true),
  origin('own name', (p) => `http://localhost:${p}`, true),
  origin('own IPv6 address', (p) => `http://[::1]:${p}`, true),
  origin('null', () => 'null'),
  origin('empty', () => ''),
  origin('own name, https', (p) => `https://localhost:${p}`),
  origin('own name without port', () => 'http://localhost'),
  origin('other port', () => 'http://localhost:5173'),
  origin('port with ours as prefix', (p) => `http://localhost:${p}0`),
  origin('own name as prefix', (p) => `http://localhost:${p}.evil.com`),
  origin('own name as user info', (p) => `http://localhost:${p}@evil.example`),
  origin('own name with a path', (p) => `http://localhost:${p}/`),
  origin('own name in capitals', (p) => `HTTP://LOCALHOST:${p}`),
  origin('foreign page', () => 'http://evil.example'),
  origin('rebound page', (p) => `http://evil.example:${p}`),
  origin('unspecified address', (p) => `http://0.0.0.0:${p}`),
  origin('extension', () => 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'),
  origin('webview', () => 'vscode-webview://1234'),
  origin('file', () => 'file://'),
  origin('two in one header', (p) => `http://localhost:${p}, http://evil.example`),
  origin('look-alike letter', (p) => `http://l\u00f8calhost:${p}`),
  {
    name: 'own Origin, then a foreign one',
    headers: (p) => [`Origin: http://localhost:${p}`, 'Origin: http://evil.example'],
    enters: false,
  },
  site('same-origin', true),
  site('none', true),
  site('same-site'),
  site('cross-site'),
  site('Same-Origin'),
  site('something-new'),
  site(''),
  { name: 'own Origin, but cross-site', headers: (p) => [`Origin: http://localhost:${p}`, 'Sec-Fetch-Site: cross-site'], enters: false },
  { name: 'own site, then a foreign one', headers: () => ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'], enters: false },
];

/** A10: ways to write the path of a protected route so that guard and router might disagree; request targets, as sent. */
export function pathTricks(path: string): string[] {
  const steps = path.split('/').slice(1);
  const encodeAll = (text: string) => [...text].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
  const whole = [
    `/${path}`,
    `//${path}`,
    `/.${path}`,
    `/..${path}`,
    `/x/..${path}`,
    `/%2e%2e${path}`,
    `/healthz/..${path}`,
    `/healthz/%2e%2e${path}`,
    `/healthz%2f..${path}`,
    `/healthz?${path}`,
    `/healthz#${path}`,
    `/;${path}`,
    `/healthz;${path}`,
    `/%00${path}`,
    `/%ff${path}`,
    `/%c0%ae%c0%ae${path}`,
    `/%c0%af${path.slice(1)}`,
    `/%25${path}`,
    `/\\${path.slice(1)}`,
    path.replaceAll('/', '\\'),
    path.toUpperCase(),
    path.replaceAll('/', '%2F'),
    path.replaceAll('/', '%252F'),
    path.replaceAll('/', '//'),
    path.replaceAll('/', '/./'),
    `/${encodeAll(path.slice(1))}`,
    `http://127.0.0.1${path}`,
    `http://evil.example${path}`,
    `https:${path}`,
    path.slice(1),
    '*',
  ];
  const endings = [
    '/',
    '//',
    '/.',
    '/..',
    '/../',
    '%2f',
    '%2F..',
    ';',
    ';a=b',
    '?',
    '??',
    '?/healthz',
    '#',
    '%00',
    '%20',
    '.json',
    '/healthz',
    '/%2e%2e/healthz',
  ];
  const inside = steps.flatMap((step, index) =>
    [
      step.toUpperCase(),
      `${step};x`,
      `${step}%00`,
      `${step}.`,
      `%2e/${step}`,
      `${step}/%2e%2e/${step}`,
      `${encodeAll(step[0] ?? '')}${step.slice(1)}`,
      `${step}\\`,
      `${step}%5c`,
      `.;/${step}`,
    ].map((changed) => `/${steps.with(index, changed).join('/')}`),
  );
  return [...whole, ...endings.map((ending) => path + ending), ...inside];
}

/** Headers with which other stacks let a request change its method, path or host after routing. */
export const overrideHeaders: readonly string[] = [
  'X-HTTP-Method-Override: DELETE',
  'X-Method-Override: GET',
  'X-Original-URL: /admin/status',
  'X-Rewrite-URL: /admin/status',
  'X-Forwarded-Host: localhost',
  'X-Forwarded-For: 127.0.0.1',
  'X-Real-IP: 127.0.0.1',
  'Forwarded: for=127.0.0.1;host=localhost',
];
