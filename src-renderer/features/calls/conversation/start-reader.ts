import workerUrl from './conversation.worker.ts?worker&url';
import { type ReaderRequest, type ReaderTasks, runReaderTask } from './reader-tasks.ts';

/** Below this a worker takes longer to start than the reading. */
const smallChars = 200_000;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * Reads bodies, large ones in a worker of this build.
 * @param chars how long the bodies are together
 */
export function startReader<K extends keyof ReaderTasks>(
  request: ReaderRequest<K>,
  chars: number,
  signal: AbortSignal,
): Promise<ReturnType<ReaderTasks[K]>> {
  if (chars < smallChars) return Promise.resolve(runReaderTask(request));
  return new Promise((resolve, reject) => {
    const worker = new Worker(trustOwn(workerUrl), { type: 'module' });
    const stop = (): void => worker.terminate();
    signal.addEventListener('abort', stop);
    worker.onmessage = ({ data }: MessageEvent<ReturnType<ReaderTasks[K]>>) => {
      stop();
      resolve(data);
    };
    worker.onerror = () => {
      stop();
      reject(new Error('The bodies of this call could not be read.'));
    };
    worker.postMessage(request);
  });
}

let policy: ReturnType<TrustedTypes['createPolicy']> | null = null;

/** The address of a file of this build, which the page's policy wants vouched for. */
function trustOwn(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return url;
  policy ??= trustedTypes.createPolicy('tollgate-worker', {
    createScriptURL: (asked) => {
      if (asked !== workerUrl) throw new TypeError('Only the worker of this build.');
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
