type HeaderList = readonly (readonly [name: string, value: string])[];

const everyReply: HeaderList = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
];

/** On every reply that is not a file of the UI: nothing may frame, cache, sniff or embed it. */
export const securityHeaders: HeaderList = [
  ...everyReply,
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cache-control', 'no-store'],
];

/** On the UI's own files. Nothing remote is ever loaded, and no string becomes script. Caching is the file's own matter. */
export const uiSecurityHeaders: HeaderList = [
  ...everyReply,
  [
    'content-security-policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
  ],
];
