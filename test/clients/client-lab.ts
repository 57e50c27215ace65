import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { openDeadEndProxy } from './dead-end-proxy.ts';
import { openRecordingTap, type RecordingTap } from './recording-tap.ts';
import { type ClientRun, runClient } from './run-client.ts';
import { answerWithTool } from './tool-turn.ts';

/** What the note says that every client is asked to read. */
export const noteText = 'The word of the day is 北京-Æ-4711.';

export const prompt = 'Read note.txt and tell me what it says.';

/** One client's world: a home and a project folder of its own, a gateway behind a tap, and no other network. */
export interface ClientLab {
  readonly tollgate: TestGateway;
  readonly tap: RecordingTap;
  readonly notePath: string;
  /** Everything beyond the gateway that the client tried to reach. */
  readonly strayed: readonly string[];
  /** From now on the model uses this tool once, then answers. */
  offerToolCall(name: string, input: Readonly<Record<string, unknown>>): void;
  /** Writes a file below the home folder. */
  writeHome(path: string, content: object | string): void;
  run(command: readonly [string, ...string[]], environment?: Readonly<Record<string, string>>): Promise<ClientRun>;
}

/** Closed when the test is over. */
export async function openClientLab(): Promise<ClientLab> {
  const root = mkdtempSync(join(tmpdir(), 'tollgate-client-'));
  const [home, project, scratch] = ['home', 'project', 'scratch'].map((name) => join(root, name)) as [string, string, string];
  for (const folder of [home, project, scratch]) mkdirSync(folder);
  const notePath = join(project, 'note.txt');
  writeFileSync(notePath, `${noteText}\n`);
  const tollgate = await openTestGateway();
  const tap = await openRecordingTap(tollgate.url);
  const proxy = await openDeadEndProxy();
  onTestFinished(async () => {
    await Promise.all([proxy.close(), tap.close()]);
    await tollgate.close();
    rmSync(root, { recursive: true, force: true });
  });
  const environment = {
    ...{ HOME: home, TMPDIR: scratch, LANG: 'C.UTF-8' },
    ...{ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' },
  };
  return {
    tollgate,
    tap,
    notePath,
    strayed: proxy.wanted,
    offerToolCall: (name, input) => tollgate.upstream.answerAll(answerWithTool({ name, input })),
    writeHome(path, content) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
    },
    run: (command, more = {}) => runClient({ command, cwd: project, environment: { ...environment, ...more } }),
  };
}

/** Path of a client's program. */
export function findClient(path: string): string {
  return join(import.meta.dirname, 'node_modules', path);
}
