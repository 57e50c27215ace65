import type { CallDetail } from '../../../src-main/contract/entities.ts';

export interface RequestToCopy {
  origin: string;
  path: string;
  body: string;
}

const paths: Record<string, string> = {
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
  messages: '/v1/messages',
  'count-tokens': '/v1/messages/count_tokens',
  responses: '/v1/responses',
  images: '/v1/images/generations',
  moderations: '/v1/moderations',
};

/** Where such a request goes; null for what no command can say (uploads, others). */
export function renderPath(call: Pick<CallDetail, 'endpoint' | 'requestedModel' | 'stream'>): string | null {
  const verb = {
    'gemini-generate': call.stream ? 'streamGenerateContent?alt=sse' : 'generateContent',
    'gemini-embed': 'embedContent',
    'gemini-count': 'countTokens',
  }[call.endpoint];
  if (verb !== undefined) return `/v1beta/models/${call.requestedModel.split('/').map(encodeURIComponent).join('/')}:${verb}`;
  return paths[call.endpoint] ?? null;
}

/** One argument of a program may have 128 KiB on Linux. */
const maxArgumentChars = 30_000;

/** For a POSIX shell. The key is the variable: none was ever in a recorded body. */
export function renderCurl({ origin, path, body }: RequestToCopy): string {
  // No line of JSON can be the end mark.
  const isLong = body.length > maxArgumentChars;
  return [
    `curl ${quoteShell(origin + path)}`,
    `  -H "Authorization: Bearer $TOLLGATE_KEY"`,
    `  -H 'Content-Type: application/json'`,
    isLong ? `  --data-binary @- <<'END_OF_BODY'\n${body}\nEND_OF_BODY` : `  --data-raw ${quoteShell(body)}`,
  ].join(' \\\n');
}

function quoteShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function renderPython({ origin, path, body }: RequestToCopy): string {
  return `import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(origin + path)},
    data=${JSON.stringify(body)}.encode(),
    headers={
        "Authorization": f"Bearer {os.environ['TOLLGATE_KEY']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as reply:
    for line in reply:
        print(line.decode(), end="")
`;
}

export function renderTypeScript({ origin, path, body }: RequestToCopy): string {
  return `const reply = await fetch(${JSON.stringify(origin + path)}, {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${process.env.TOLLGATE_KEY}\`,
    'Content-Type': 'application/json',
  },
  body: ${JSON.stringify(body)},
});
console.log(await reply.text());
`;
}
