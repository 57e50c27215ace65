import { readConversation } from './read-conversation.ts';
import { readPrefix } from './read-prefix.ts';

/** What is read out of bodies. */
const tasks = { conversation: readConversation, prefix: readPrefix };

export type ReaderTasks = typeof tasks;

/** As it is sent to the worker. */
export interface ReaderRequest<K extends keyof ReaderTasks = keyof ReaderTasks> {
  task: K;
  source: Parameters<ReaderTasks[K]>[0];
}

export function runReaderTask<K extends keyof ReaderTasks>({ task, source }: ReaderRequest<K>): ReturnType<ReaderTasks[K]> {
  const run = tasks[task] as (source: ReaderRequest<K>['source']) => ReturnType<ReaderTasks[K]>;
  return run(source);
}
