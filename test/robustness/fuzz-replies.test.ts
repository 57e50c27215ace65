import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CallerPath, callerPaths, isTranslated, readErrorMessage } from '../support/caller-paths.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import type { ScriptedReply } from '../support/fake-upstream.ts';
import { listCalls } from '../support/list-calls.ts';
import { mutatedJson } from '../support/mutate-json.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

const seed = Number(process.env['TOLLGATE_FUZZ_SEED'] ?? 1);
/** For each of ten ways. */
const cases = Number(process.env['TOLLGATE_FUZZ_CASES'] ?? 1_000) / 10;

let tollgate: TestGateway;
let sent = 0;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());

const ways = callerPaths.flatMap((path) =>
  [false, true].map((stream) => ({ name: `${path.name}${stream ? ', streamed' : ''}`, path, stream })),
);

/** Thinks, calls two tools, and reports its usage: the richest answer the fake provider has. */
function ask(path: CallerPath, stream: boolean): { path: string; body: object } {
  const request = path.request('[think] [tools]', stream);
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const names = ['weather', 'time'];
  const tools =
    path.callerDialect === 'openai-chat'
      ? names.map((name) => ({ type: 'function', function: { name, parameters } }))
      : path.callerDialect === 'anthropic-messages'
        ? names.map((name) => ({ name, input_schema: parameters }))
        : [{ functionDeclarations: names.map((name) => ({ name, parameters })) }];
  return { ...request, body: { ...request.body, tools } };
}

/** A whole answer with nonsense in its fields. */
function mutatedBody(good: ScriptedReply): fc.Arbitrary<ScriptedReply> {
  return mutatedJson(good.body).map((body) => ({ ...good, body: JSON.stringify(body) ?? '' }));
}

/** A stream with nonsense in some events, and some lost, repeated or out of turn. */
function mutatedStream(good: ScriptedReply): fc.Arbitrary<ScriptedReply> {
  const events = (good.chunks ?? []).map(String);
  const one = fc.nat(events.length - 1).chain((at) => {
    const event = events[at] ?? '';
    const data = /^data: (.*)$/m.exec(event)?.[1] ?? '';
    const damaged = data.startsWith('{')
      ? mutatedJson(JSON.parse(data)).map((value) => event.replace(data, () => JSON.stringify(value) ?? ''))
      : fc.constantFrom('data: null\n\n', 'data:\n\n', '\n\n', ': nothing\n\n', 'data: {\n\n', 'event: x\n\n');
    return fc.record({
      at: fc.constant(at),
      event: damaged,
      how: fc.constantFrom('replace', 'replace', 'replace', 'lose', 'repeat', 'swap'),
    });
  });
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((edits) => {
    const chunks = [...events];
    for (const { at, event, how } of edits) {
      if (how === 'lose') chunks.splice(at, 1);
      else if (how === 'repeat') chunks.splice(at, 0, event);
      else if (how === 'swap') chunks.reverse();
      else chunks[at] = event;
    }
    return { ...good, chunks };
  });
}

it.each(ways)(
  `I4: ${cases} nonsensical answers cost nothing but their own call: $name`,
  async ({ path, stream }) => {
    const request = ask(path, stream);
    tollgate.upstream.answerAll(null);
    expect((await tollgate.post(request.path, request.body)).status).toBe(200);
    sent++;
    const good = answerByDefault(tollgate.upstream.last());
    const answers = fc.sample(stream ? mutatedStream(good) : mutatedBody(good), { numRuns: cases, seed });
    const problems: string[] = [];
    let refused = 0;
    for (const answer of answers) {
      tollgate.upstream.enqueue(answer);
      const reply = await tollgate.post(request.path, request.body, { 'x-stainless-retry-count': '0' });
      sent++;
      const problem = judge(path, stream, answer, reply.status, reply.text);
      if (reply.status !== 200) refused++;
      if (problem !== null)
        problems.push(`${problem}\n  ← ${stream ? answer.chunks?.join('') : answer.body}\n  → ${reply.status} ${reply.text.slice(0, 500)}`);
    }
    console.log(`I4: ${answers.length} answers, ${refused} told as an error`);
    expect(problems.slice(0, 3)).toEqual([]);
    expect((await tollgate.post(request.path, request.body)).status).toBe(200);
    sent++;
  },
  60_000,
);

function judge(path: CallerPath, stream: boolean, answer: ScriptedReply, status: number, text: string): string | null {
  if (text.includes('"internal"') || text.includes('INTERNAL"') || text.includes('Tollgate failed')) return 'an exception of ours';
  if (!isTranslated(path)) return !stream && text !== answer.body ? 'not the provider’s bytes' : null;
  if (status === 200) return null;
  if (status >= 400 && status < 600 && readErrorMessage(path.callerDialect, JSON.parse(text)) !== null) return null;
  return 'no clear error';
}

it('I4: every call has one closed row, and nothing went wrong inside', async () => {
  const rows = await listCalls(tollgate);
  expect(rows).toHaveLength(sent);
  expect(rows.filter(({ status }) => !['ok', 'error', 'upstream_truncated'].includes(status))).toEqual([]);
  expect(rows.filter(({ errorCode }) => errorCode === 'internal')).toEqual([]);
  expect(tollgate.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
