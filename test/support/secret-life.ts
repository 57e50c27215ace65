import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReader } from '../../src-main/store/open-reader.ts';
import { answerByDefault } from './fake-upstream/default-answers.ts';
import { type FakeUpstream, openFakeUpstream, type RecordedRequest, type ScriptedReply } from './fake-upstream.ts';
import { readTree } from './find-bytes.ts';
import { type ServeProcess, spawnServe } from './serve-process.ts';
import type { RawReply } from './test-gateway-client.ts';

/** Keys made for one run, in the shapes vendors use; nothing like them stands in the repository. */
export interface Canaries {
  /** Provider id → key, put into the vault. */
  stored: Record<string, string>;
  /** A provider's key, a caller key and a passphrase that come by environment. */
  environment: { provider: string; caller: string; passphrase: string };
  /** X-Provider-Api-Key. */
  byok: string;
}

export function inventCanaries(): Canaries {
  const random = (length: number) => randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length);
  return {
    stored: {
      openai: `sk-proj-${random(60)}`,
      anthropic: `sk-ant-api03-${random(90)}`,
      gemini: `AIza${random(35)}`,
      xai: `xai-${random(70)}`,
      openrouter: `sk-or-v1-${random(64)}`,
      groq: `gsk_${random(52)}`,
      deepseek: `sk-${random(32)}`,
      mistral: random(32),
      // No shape at all, and every character that some encoding changes.
      odd: `${random(12)}/+=?&%"\\'<>;${random(12)}`,
    },
    environment: { provider: `corp.${random(40)}`, caller: `team-${random(40)}`, passphrase: `words ${random(30)}` },
    byok: `own:${random(40)}`,
  };
}

export interface LifeReport {
  /** Everything the gateway and its commands have said. */
  said: { by: string; text: string }[];
  /** Keys the gateway was given or made on the way: they were printed once, by `key create`. */
  callerKeys: string[];
  /** Whatever the providers were sent in their key headers. */
  arrived: string[];
  vaultKind: string;
  calls: number;
}

export const sweptMarker = 'marker-of-a-recorded-prompt';

/** A gateway's whole life with these keys: set-up, answers and faults of every kind, kill, restart, stop, backup. */
export async function liveWithSecrets(dataDir: string, canaries: Canaries, environment: Record<string, string>): Promise<LifeReport> {
  const upstream = await openFakeUpstream();
  upstream.answerAll(answerWithKeys);
  const said: LifeReport['said'] = [];
  const callerKeys: string[] = [];
  const all = {
    ...environment,
    CORP_KEY: canaries.environment.provider,
    TEAM_KEY: canaries.environment.caller,
    TOLLGATE_PASSPHRASE: canaries.environment.passphrase,
  };
  const args = ['--config', writeConfig(dataDir, upstream)];
  const start = () => spawnServe({ dataDir, args, environment: all, callerKey: canaries.environment.caller });

  const first = await start();
  await setUp(first, upstream, canaries, said, callerKeys);
  const events = listen(first);
  await callEverything(first, [...Object.keys(canaries.stored), 'corp'], canaries, callerKeys, said);
  await hearEverything(first, ['status', 'provider list', 'provider test openai', 'calls --json', 'spend --by model'], said);
  const open = first.client.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages: user('[hang]') }).catch(() => null);
  await upstream.nextRequest();
  await first.stop('SIGKILL');
  await open;
  // A proper stop clears most of these away.
  for (const { path, bytes } of readTree(dataDir)) said.push({ by: `after the kill: ${path}`, text: bytes.toString('latin1') });
  said.push(
    { by: 'events', text: await events },
    { by: 'first stdout', text: first.stdout() },
    { by: 'first stderr', text: first.stderr() },
  );

  const second = await start();
  await callEverything(second, ['openai', 'anthropic', 'corp'], canaries, callerKeys, said);
  const calls = await hearEverything(second, ['status --json', 'calls'], said);
  const { vault } = await second.client.admin<{ vault: { kind: string } }>('/admin/status');
  await second.stop();
  said.push({ by: 'second stdout', text: second.stdout() }, { by: 'second stderr', text: second.stderr() });
  await backUp(dataDir);

  const arrived = upstream.requests.flatMap((request) => readKey(request) ?? []);
  await upstream.close();
  return { said, callerKeys, arrived: [...new Set(arrived)], vaultKind: vault.kind, calls };
}

function writeConfig(dataDir: string, upstream: FakeUpstream): string {
  const path = join(dataDir, '..', 'tollgate.json');
  const config = {
    providers: [{ id: 'corp', baseUrl: `${upstream.origin}/corp/v1`, keyFromEnv: 'CORP_KEY', models: ['corp-model'] }],
    callerKeys: [{ name: 'team', keyFromEnv: 'TEAM_KEY' }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const roots: Record<string, string> = { anthropic: '/anthropic', gemini: '/gemini' };

async function setUp(
  serve: ServeProcess,
  upstream: FakeUpstream,
  canaries: Canaries,
  said: LifeReport['said'],
  callerKeys: string[],
): Promise<void> {
  for (const [id, key] of Object.entries(canaries.stored)) {
    const baseUrl = `${upstream.origin}${roots[id] ?? `/${id}/v1`}`;
    const refusing = `${upstream.origin}/refusing/v1`;
    const model = `${id}-model`;
    // Starting the command for all of them would take most of the test's time.
    if (id === 'anthropic' || id === 'odd') {
      const add = (url: string) => serve.cli(['provider', 'add', id, '--base-url', url, '--model', model], key);
      const [refused, added] = [await add(refusing), await add(baseUrl)];
      if (refused.code === 0 || added.code !== 0) throw new Error(`provider add ${id}: ${refused.stdout}${added.stderr}`);
      said.push({ by: `provider add ${id}`, text: refused.stdout + refused.stderr + added.stdout + added.stderr });
    } else {
      const save = (url: string) =>
        serve.client.send('/admin/providers', { key: serve.adminToken(), body: { id, key, baseUrl: url, models: [model] } });
      const [refused, saved] = [await save(refusing), await save(baseUrl)];
      if (refused.status !== 400 || saved.status !== 200) throw new Error(`provider ${id}: ${refused.text}${saved.text}`);
      said.push({ by: `POST /admin/providers ${id}`, text: refused.text + saved.text });
    }
  }
  const created = await serve.cli(['key', 'create', '--name', 'laptop', '--tag', 'env:test']);
  callerKeys.push(created.stdout.trim());
  said.push({ by: 'key create', text: created.stderr });
}

const user = (text: string) => [{ role: 'user', content: `${sweptMarker} ${text}` }];

async function callEverything(
  serve: ServeProcess,
  ids: readonly string[],
  canaries: Canaries,
  callerKeys: string[],
  said: LifeReport['said'],
): Promise<void> {
  const keys = [...callerKeys, canaries.environment.caller];
  const hear = async (by: string, reply: Promise<RawReply>): Promise<void> => {
    const { headers, text } = await reply;
    said.push({ by, text: JSON.stringify(headers) + text });
  };
  const wishes = ['[well]', '[401]', '[500]', '[header]', '[cut]', '[200 error]', '[stream error]'];
  const models = ids.map((id) => `${id}/${id}-model`);
  for (const model of models) {
    for (const wish of wishes) {
      for (const stream of [false, true]) {
        const body = { model, stream, max_tokens: 50, messages: user(wish) };
        const key = keys[Number(stream)] ?? null;
        const once = { 'x-stainless-retry-count': '0' };
        await hear(`${model} ${wish}`, serve.client.send('/v1/chat/completions', { key, body, headers: once }));
        await hear(
          `${model} ${wish} byok`,
          serve.client.send('/v1/chat/completions', { key, body, headers: { ...once, 'x-provider-api-key': canaries.byok } }),
        );
        await hear(
          `${model} ${wish} messages`,
          serve.client.send('/v1/messages', { key: null, body, headers: { ...once, 'x-api-key': key ?? '' } }),
        );
      }
    }
  }
  for (const wish of wishes) {
    for (const method of ['generateContent', 'streamGenerateContent']) {
      const path = `/v1beta/models/gemini-model:${method}?alt=sse&key=${encodeURIComponent(keys[0] ?? '')}`;
      const body = { contents: [{ role: 'user', parts: [{ text: `${sweptMarker} ${wish}` }] }] };
      await hear(`gemini ${wish}`, serve.client.send(path, { key: null, body, headers: { 'x-stainless-retry-count': '0' } }));
    }
  }
  await hear('models', serve.client.send('/v1/models', { key: keys[0] ?? null }));
  await hear('a provider key for a caller key', serve.client.send('/v1/models', { key: canaries.stored['openai'] ?? null }));
}

/** Every command and every address of the admin API that tells something. Gives the number of calls listed. */
async function hearEverything(serve: ServeProcess, commands: readonly string[], said: LifeReport['said']): Promise<number> {
  for (const args of commands.map((command) => command.split(' '))) {
    const { stdout, stderr } = await serve.cli(args);
    said.push({ by: args.join(' '), text: stdout + stderr });
  }
  const read = async (path: string): Promise<string> => {
    const { text } = await serve.client.send(path, { key: serve.adminToken() });
    said.push({ by: path, text });
    return text;
  };
  for (const name of [
    'status',
    'spend?groupBy=model',
    'spend?groupBy=caller',
    'tags',
    'conversations',
    'providers',
    'keys',
    'settings',
    'price-overrides',
  ])
    await read(`/admin/${name}`);
  await read('/metrics');
  await read('/healthz');
  await read('/');
  let calls = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = JSON.parse(await read(`/admin/calls?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`)) as {
      items: { id: string }[];
      nextCursor: string | null;
    };
    for (const { id } of page.items) await Promise.all([read(`/admin/calls/${id}`), read(`/admin/calls/${id}/bodies`)]);
    calls += page.items.length;
    cursor = page.nextCursor;
  }
  return calls;
}

/** The live events until the gateway dies. */
async function listen(serve: ServeProcess): Promise<string> {
  let text = '';
  const onChunk = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
  };
  await serve.client.send('/admin/events', { key: serve.adminToken(), onChunk }).catch(() => null);
  return text;
}

/** What a careless provider says of the key it was sent. */
function answerWithKeys(request: RecordedRequest): ScriptedReply {
  const key = readKey(request) ?? 'none';
  const text = `Incorrect API key provided: ${key}. You can find yours at https://example.com/?key=${encodeURIComponent(key)}`;
  const error = {
    type: 'error',
    error: { type: 'authentication_error', code: 401, status: 'UNAUTHENTICATED', message: text, param: null },
  };
  const body = request.body.toString('utf8');
  if (request.path.includes('/refusing/') || body.includes('[401]')) return { status: 401, body: error };
  if (body.includes('[500]')) return { status: 500, headers: { 'content-type': 'text/html' }, body: `<p>${text}</p>` };
  if (body.includes('[200 error]')) return { status: 200, body: error };
  if (body.includes('[cut]')) return { raw: renderCutAnswer(JSON.stringify(error).slice(0, 150)) };
  if (body.includes('[hang]')) return { silent: 'hang' };
  if (body.includes('[stream error]')) return { chunks: [`event: error\ndata: ${JSON.stringify(error)}\n\n`], splitEvery: 7 };
  const answer = answerByDefault(request);
  return body.includes('[header]') ? { ...answer, headers: { ...answer.headers, 'x-request-id': key, 'x-used-key': key } } : answer;
}

/** A stream whose connection ends in the middle of an event. */
function renderCutAnswer(data: string): string {
  const chunk = `data: ${data}`;
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked';
  return `${head}\r\n\r\n${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`;
}

function readKey(request: RecordedRequest): string | null {
  const found = request.header('authorization')?.replace(/^Bearer /, '') ?? request.header('x-api-key') ?? request.header('x-goog-api-key');
  return found ?? null;
}

/** The daily copy of the settings, which a gateway makes some seconds after its start; here that of tomorrow, at once. */
async function backUp(dataDir: string): Promise<void> {
  const threadUrl = new URL('../../src-main/store/reader-thread.ts', import.meta.url);
  const tomorrow = Date.now() + 86_400_000;
  const copy = join(dataDir, 'backups', `config-${new Date(tomorrow).toISOString().slice(0, 10)}.db`);
  const reader = await openReader({ dataDir, threadUrl, clock: () => tomorrow, backUpAfterMs: 0 });
  for (let questions = 0; questions < 10_000 && !existsSync(copy); questions++) await reader.configStore.load();
  await reader.close();
}
