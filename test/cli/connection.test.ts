import { createServer, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { makeDataDir, runCliProcess } from '../support/cli-process.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function useDataDir(content: Parameters<typeof makeDataDir>[0]): Promise<string> {
  const dataDir = await makeDataDir(content);
  cleanups.push(dataDir.remove);
  return dataDir.path;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

const status = (dataDir: string, ...args: string[]) => runCliProcess(['status', '--data-dir', dataDir, ...args]);

describe('when Tollgate does not run', () => {
  it('says how to start it', async () => {
    const result = await status(await useDataDir({}));
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^tollgate: Tollgate is not running with the data folder .* Start it with "tollgate serve"/);
  });

  it('says so when the recorded gateway is gone', async () => {
    const port = await listen(createTcpServer());
    await cleanups.pop()?.();
    const dataDir = await useDataDir({ url: `http://127.0.0.1:${port}`, adminToken: 'x' });
    expect(await status(dataDir)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`does not answer at http://127.0.0.1:${port}`),
    });
  });

  it('says so when there is no token', async () => {
    const dataDir = await useDataDir({ url: 'http://127.0.0.1:1' });
    expect(await status(dataDir)).toMatchObject({ code: 1, stderr: expect.stringContaining('no admin token') });
  });
});

describe('addresses off this machine', () => {
  it.each([
    'https://127.0.0.1:7979',
    'http://192.168.1.20:7979',
    'http://0.0.0.0:7979',
    'http://127.0.0.1:7979@evil.example',
    'http://localhost.evil.example:7979',
    'http://evil.example',
    'ftp://localhost',
    'nonsense',
  ])('refuses %s', async (url) => {
    const dataDir = await useDataDir({ url: 'http://127.0.0.1:1', adminToken: 'x' });
    expect(await status(dataDir, '--url', url)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not an address of this machine'),
    });
  });
});

describe('A14: who answers', () => {
  let gateway: AdminListener;
  beforeEach(async () => {
    gateway = await openAdminListener();
    cleanups.push(() => gateway.close());
  });

  /** A program on our port that keeps all it is sent. */
  async function openImpostor(answer: (path: string) => Promise<string>): Promise<{ port: number; received: () => string }> {
    let received = '';
    const server = createServer(async (request, response) => {
      received += `${request.url}\n${request.rawHeaders.join('\n')}\n`;
      response.setHeader('content-type', 'application/json').end(await answer(request.url ?? ''));
    });
    return { port: await listen(server), received: () => received };
  }

  async function expectRefusal(impostor: { port: number; received: () => string }): Promise<void> {
    const result = await status(await useDataDir({ url: `http://127.0.0.1:${impostor.port}`, adminToken: testAdminToken }));
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('is not the Tollgate of');
    if (process.platform === 'linux') expect(result.stderr).toContain(`pid ${process.pid} (`);
    expect(impostor.received()).toContain('/identify');
    expect(impostor.received()).not.toContain(testAdminToken);
    expect(impostor.received().toLowerCase()).not.toContain('authorization');
  }

  it.each([
    '{}',
    'null',
    '"x"',
    'not json',
    '{"proof":""}',
    `{"proof":"${'0'.repeat(64)}"}`,
    '{"proof":["x"]}',
    `{"proof":"${'é'.repeat(64)}"}`,
  ])('an impostor that says %s gets no token', async (reply) => expectRefusal(await openImpostor(async () => reply)));

  it('an impostor that asks the real gateway gets no token', async () => {
    const relay = (path: string) =>
      new Promise<string>((resolve) => {
        request(`${gateway.url}${path}`, (response) => {
          let text = '';
          response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text));
        }).end();
      });
    const impostor = await openImpostor(relay);
    await expectRefusal(impostor);
    // It did pass on a true answer of the gateway.
    expect(gateway.entered.some((line) => line.startsWith('GET /identify'))).toBe(true);
  });

  it('a gateway of another data folder is not ours', async () => {
    const result = await status(await useDataDir({ url: gateway.url, adminToken: 'another token' }));
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('another data folder') });
    expect(gateway.entered).toEqual([expect.stringContaining('/identify')]);
  });

  it('something that speaks no HTTP is not ours', async () => {
    const port = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('220 mail.example ESMTP\r\n'),
      ),
    );
    const result = await status(await useDataDir({ url: `http://127.0.0.1:${port}`, adminToken: 'x' }));
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('does not answer') });
  });

  it('the real one is reached by --url and by the name localhost', async () => {
    const dataDir = await useDataDir({ adminToken: testAdminToken });
    expect((await status(dataDir, '--url', gateway.url)).code).toBe(0);
    expect((await status(dataDir, '--url', `http://localhost:${gateway.port}`)).code).toBe(0);
  });

  it('no proxy setting gets between', async () => {
    const dataDir = await useDataDir({ url: gateway.url, adminToken: testAdminToken });
    const proxy = await openImpostor(async () => '{}');
    const environment = {
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      http_proxy: `http://127.0.0.1:${proxy.port}`,
      NODE_USE_ENV_PROXY: '1',
    };
    expect((await runCliProcess(['status', '--data-dir', dataDir], { environment })).code).toBe(0);
    expect(proxy.received()).toBe('');
  });
});
