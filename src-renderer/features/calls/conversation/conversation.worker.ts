import { type ReaderRequest, runReaderTask } from './reader-tasks.ts';

/** Bodies may have many megabytes: they are taken apart beside the window's thread. */
self.onmessage = ({ data }: MessageEvent<ReaderRequest>) => self.postMessage(runReaderTask(data));
