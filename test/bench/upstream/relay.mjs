/**
 * Process: the least that a relay in Node can cost, and the reference of every ratio. node:http in front, undici's
 * `dispatch` behind, no logic, nothing kept. Plain JavaScript, so that its start-up holds no compiling.
 *
 *   node relay.mjs UPSTREAM_URL
 */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2], { connections: 256, pipelining: 1 });
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'expect', 'te', 'upgrade', 'proxy-connection']);

function selectHeaders(raw) {
  const selected = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = String(raw[i]).toLowerCase();
    if (!hopByHop.has(name)) selected.push(name, String(raw[i + 1]));
  }
  return selected;
}

const server = createServer({ noDelay: true }, (request, response) => {
  pool.dispatch(
    { method: request.method, path: request.url, headers: selectHeaders(request.rawHeaders), body: request },
    {
      onRequestStart(controller) {
        response.on('close', () => {
          if (!response.writableFinished) controller.abort(new Error('the caller closed'));
        });
      },
      onResponseStart(controller, status) {
        response.writeHead(status, selectHeaders(controller.rawHeaders));
      },
      onResponseData(controller, chunk) {
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd() {
        response.end();
      },
      onResponseError(_controller, error) {
        if (!response.headersSent) response.writeHead(502);
        response.end(String(error.message));
      },
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${server.address().port}` }));
});
