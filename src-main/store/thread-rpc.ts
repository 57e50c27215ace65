import type { Transferable } from 'node:worker_threads';
import { readStoreError, StoreError, type StoreErrorCode } from './store-error.ts';

/** What a thread can be asked: name → function of one structured-cloneable value. */
export type ThreadMethods = Record<string, (params: never) => unknown>;

/** The part of Worker and MessagePort that is needed; either end of a channel has it. */
export interface ThreadPort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

export interface ThreadCaller<Methods extends ThreadMethods> {
  /** Rejects with a StoreError: the thread's own, or `thread_stopped`. */
  call<Name extends keyof Methods & string>(
    name: Name,
    params: Parameters<Methods[Name]>[0],
    transfer?: readonly Transferable[],
  ): Promise<Awaited<ReturnType<Methods[Name]>>>;
  /** Asks without waiting for an answer; what the method throws goes nowhere. */
  tell<Name extends keyof Methods & string>(name: Name, params: Parameters<Methods[Name]>[0], transfer?: readonly Transferable[]): void;
  /** Rejects every open call; to be used when the thread has ended. */
  stop(reason: string): void;
}

interface Request {
  /** 0 = no answer wanted. */
  call: number;
  name: string;
  params: unknown;
}

interface Answer {
  answer: number;
  value?: unknown;
  error?: { code: StoreErrorCode; message: string };
}

interface OpenCall {
  resolve(value: unknown): void;
  reject(error: StoreError): void;
}

/** The asking end of a port. Messages on it that are not answers are left to others. */
export function callThread<Methods extends ThreadMethods>(port: ThreadPort): ThreadCaller<Methods> {
  const open = new Map<number, OpenCall>();
  let lastCall = 0;
  let stopped: string | null = null;

  port.on('message', (message) => {
    if (!isAnswer(message)) return;
    const call = open.get(message.answer);
    open.delete(message.answer);
    if (message.error !== undefined) call?.reject(new StoreError(message.error.code, message.error.message));
    else call?.resolve(message.value);
  });

  return {
    call: (name, params, transfer) =>
      new Promise((resolve, reject) => {
        if (stopped !== null) return reject(new StoreError('thread_stopped', stopped));
        lastCall++;
        open.set(lastCall, { resolve: resolve as (value: unknown) => void, reject });
        port.postMessage({ call: lastCall, name, params } satisfies Request, transfer);
      }),
    tell: (name, params, transfer) => {
      if (stopped === null) port.postMessage({ call: 0, name, params } satisfies Request, transfer);
    },
    stop: (reason) => {
      stopped = reason;
      for (const call of open.values()) call.reject(new StoreError('thread_stopped', reason));
      open.clear();
    },
  };
}

/** The answering end: runs the named method for each request; errors cross as `{ code, message }`. */
export function serveThread<Methods extends ThreadMethods>(port: ThreadPort, methods: Methods): void {
  port.on('message', (message) => {
    if (isRequest(message)) void answer(port, methods, message);
  });
}

async function answer(port: ThreadPort, methods: ThreadMethods, request: Request): Promise<void> {
  const reply = (rest: Omit<Answer, 'answer'>) => {
    if (request.call > 0) port.postMessage({ answer: request.call, ...rest } satisfies Answer, listOwnMemory(rest.value));
  };
  try {
    const method = methods[request.name];
    if (method === undefined) throw new StoreError('bad_request', `no method ${request.name}`);
    reply({ value: await method(request.params as never) });
  } catch (error) {
    const { code, message } = readStoreError(error);
    reply({ error: { code, message } });
  }
}

/** Bytes that have their memory to themselves are given away, not copied. */
function listOwnMemory(value: unknown): ArrayBuffer[] {
  const isOwn = value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength;
  return isOwn ? [value.buffer as ArrayBuffer] : [];
}

function isRequest(message: unknown): message is Request {
  return typeof message === 'object' && message !== null && 'call' in message && 'name' in message;
}

function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && 'answer' in message;
}
