import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CallerPath, callerPaths, isTranslated } from '../support/caller-paths.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { brokenBodies, brokenStreams, errorEvents, type Fault, silentFault, statusFaults } from '../support/faults.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** The vendors' own clients, unmodified: what they make of each failure. */
type Call = (text: string, stream: boolean) => Promise<unknown>;

interface Trial {
  readonly name: string;
  readonly path: CallerPath;
  readonly fault: Fault;
  readonly stream: boolean;
}

const trials: Trial[] = callerPaths.flatMap((path) => [
  ...[...statusFaults, silentFault, ...brokenBodies].map((fault) => ({ name: `${path.name}, ${fault.name}`, path, fault, stream: false })),
  ...[...statusFaults, silentFault, ...brokenStreams, ...errorEvents].map((fault) => ({
    name: `${path.name} streamed, ${fault.name}`,
    path,
    fault,
    stream: true,
  })),
]);

let tollgate: TestGateway;
let clients: Record<CallerPath['callerDialect'], (model: string) => Call>;

beforeAll(async () => {
  tollgate = await openTestGateway();
  tollgate.upstream.answerAll((request) => {
    const trial = trials[Number(/trial-(\d+)/.exec(request.body.toString())?.[1])];
    return trial === undefined ? answerByDefault(request) : trial.fault.answer(request, trial.path.upstreamDialect);
  });
  clients = createClients(tollgate);
});
afterAll(() => tollgate.close());

function createClients({ url, key }: TestGateway): typeof clients {
  const openai = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
  // It repeats nothing itself; the header keeps the gateway's own repeats, with their waits, out of these trials.
  const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, headers: { 'x-stainless-retry-count': '0' } } });
  const message = (content: string) => [{ role: 'user' as const, content }];
  const chat = (model: string): Call => {
    return async (text, stream) => drain(await openai.chat.completions.create({ model, stream, messages: message(text) }));
  };
  return {
    'openai-chat': chat,
    'openai-responses': chat,
    'anthropic-messages': (model) => async (text, stream) =>
      drain(await anthropic.messages.create({ model, stream, max_tokens: 100, messages: message(text) })),
    'gemini-generate': (model) => async (text, stream) => {
      if (stream) await drain(await google.models.generateContentStream({ model, contents: text }));
      else await google.models.generateContent({ model, contents: text });
    },
  };
}

async function drain(answer: unknown): Promise<void> {
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) return;
  for await (const _ of answer as AsyncIterable<unknown>);
}

const models: Readonly<Record<string, string>> = {
  openai: 'gpt-5.4-mini',
  anthropic: 'claude-sonnet-4-6',
  gemini: 'gemini-2.5-flash',
};

function run(trial: Trial, text: string): Promise<unknown> {
  const call = clients[trial.path.callerDialect](models[trial.path.provider] ?? '');
  return call(text, trial.stream).then(
    () => null,
    (thrown: unknown) => thrown,
  );
}

it('answers these clients when nothing fails', async () => {
  for (const path of callerPaths) {
    for (const stream of [false, true]) {
      expect(await run({ name: path.name, path, stream, fault: silentFault }, 'hello')).toBeNull();
    }
  }
});

it('J2, J4: every failure is raised by the vendor’s own client, an HTTP status as the class it has for it', async () => {
  const thrown = await Promise.all(trials.map((trial, index) => run(trial, `trial-${index}`)));
  const problems = trials.flatMap((trial, index) => {
    const error = thrown[index];
    if (error === null) return [`${trial.name}: took it for an answer`];
    const status = expectedStatus(trial);
    if (status === null) return error instanceof Error ? [] : [`${trial.name}: ${error}`];
    const expected = expectedClass(trial.path, status);
    const fits = error instanceof expected && (error as { status?: unknown }).status === status;
    return fits ? [] : [`${trial.name}: ${(error as Error).constructor.name} ${(error as { status?: unknown }).status}, not ${status}`];
  });
  expect(problems).toEqual([]);
  console.log(`official clients: ${trials.length} failures, each raised`);
});

/** null = the failure comes inside a 200. */
function expectedStatus({ path, fault, stream }: Trial): number | null {
  if (fault.status === null) return 502;
  if (fault.status === 200) return stream ? null : 502;
  return isTranslated(path) ? ({ 402: 429, 529: 503 }[fault.status] ?? fault.status) : fault.status;
}

function expectedClass({ callerDialect }: CallerPath, status: number): new (...args: never[]) => Error {
  if (callerDialect === 'gemini-generate') return ApiError;
  const sdk = callerDialect === 'anthropic-messages' ? Anthropic : OpenAI;
  const classes: Readonly<Record<number, new (...args: never[]) => Error>> = {
    400: sdk.BadRequestError,
    401: sdk.AuthenticationError,
    404: sdk.NotFoundError,
    429: sdk.RateLimitError,
  };
  return classes[status] ?? (status >= 500 ? sdk.InternalServerError : sdk.APIError);
}
