import { type Dirent, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { isPagePath } from '../contract/page-paths.ts';
import type { AdminServices } from './admin-services.ts';
import { noSuchAddress } from './error-replies.ts';
import { uiSecurityHeaders } from './security-headers.ts';

interface UiFile {
  path: string;
  mediaType: string;
  cacheControl: string;
}

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Vite puts eight characters of the content's hash before the extension: such a file never changes. */
const hashedName = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

/**
 * GET /*: the built UI; the address of any of its pages gives the page. Files are listed once, at start, and a request only ever
 * looks its path up in that list, so no path can lead out of the folder; links and unknown extensions are not listed.
 */
export function registerUi(app: FastifyInstance, uiDir: string | null, services: Pick<AdminServices, 'url' | 'version'>): void {
  const files = uiDir === null ? new Map<string, UiFile>() : listUiFiles(uiDir);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { guard: 'public' },
    handler: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/';
      const file = files.get(isPagePath(path) ? '/index.html' : path);
      if (file !== undefined) {
        for (const [name, value] of uiSecurityHeaders) reply.header(name, value);
        return reply
          .header('content-type', file.mediaType)
          .header('cache-control', file.cacheControl)
          .send(await readFile(file.path));
      }
      if (isPagePath(path)) return reply.header('content-type', 'text/plain; charset=utf-8').send(renderPlainPage(services));
      throw noSuchAddress(request.method, path);
    },
  });
}

function listUiFiles(uiDir: string): Map<string, UiFile> {
  return new Map(
    readEntries(uiDir)
      .filter((entry) => entry.isFile() && mediaTypes[extname(entry.name)] !== undefined)
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [
          `/${relative(uiDir, path).split(sep).join('/')}`,
          {
            path,
            mediaType: mediaTypes[extname(entry.name)] ?? '',
            cacheControl: hashedName.test(entry.name) ? 'public, max-age=31536000, immutable' : 'no-cache',
          },
        ];
      }),
  );
}

function readEntries(uiDir: string): Dirent[] {
  try {
    return readdirSync(uiDir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function renderPlainPage(services: Pick<AdminServices, 'url' | 'version'>): string {
  return `Tollgate ${services.version} is running.

Base URL for OpenAI-compatible tools:  ${services.url()}/v1
Base URL for Anthropic and Gemini SDKs: ${services.url()}

Every tool needs a caller key. Create one with:

    tollgate key create --name my-tool

The page of this gateway is not built: run "npm run build" once.
`;
}
