import type { TimedReply } from '../load/http-connection.ts';
import { type Case, type CaseId, cases, withoutTranslation } from '../traffic/cases.ts';
import { type BodyKind, createRequestSource, type RequestSource } from '../traffic/requests.ts';
import type { RunningProcess } from './start-process.ts';

/** Something that answers calls: the mock itself, the relay, or Tollgate. */
export interface Subject {
  readonly name: 'direct' | 'relay' | 'tollgate';
  readonly url: string;
  /** null = its CPU is not measured. */
  readonly process: RunningProcess | null;
  readonly translates: boolean;
  readonly key: string;
  /** To be told of every reply, for what is checked afterwards. */
  count(reply: TimedReply, outputTokens: number): void;
}

/** The mock or a relay before it: passes bytes, so it gets each provider's own format. */
export function createPlainSubject(name: 'direct' | 'relay', url: string, process: RunningProcess | null): Subject {
  return { name, url, process, translates: false, key: 'sk-bench', count() {} };
}

/** The requests of a case as this subject wants them. */
export function createRequests(subject: Subject, id: CaseId, options: { stream: boolean; kind?: BodyKind }): RequestSource {
  const wanted: Case = cases[id];
  return createRequestSource(subject.url, subject.translates ? wanted : withoutTranslation(wanted), { key: subject.key, ...options });
}
