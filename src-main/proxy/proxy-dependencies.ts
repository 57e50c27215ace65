import type { Dispatcher } from 'undici';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { ReplyFacts } from '../dialects/dialect.ts';
import type { Dialects } from '../dialects/registry.ts';
import type { Ledger } from '../store/ledger.ts';
import type { OpenCall } from './open-call.ts';
import type { OpenList } from './open-list.ts';
import type { ProxyConfiguration } from './proxy-configuration.ts';
import type { ReasoningMemory } from './reasoning-memory.ts';
import type { SettleDependencies } from './settle-call.ts';

/** A model callers can name, under the name that reaches it. */
export interface ListedModel {
  /** "gpt-5.4-mini" where the prefix routes it, else "provider/model". */
  id: string;
  provider: string;
}

/** Answers calls to `demo/…` without calling out. */
export interface DemoProvider {
  answer(dependencies: ProxyDependencies, call: OpenCall, body: Record<string, unknown>): Promise<void>;
}

/** Everything the stages use; built once in gateway/gateway.ts. */
export interface ProxyDependencies {
  readonly configuration: ProxyConfiguration;
  readonly dialects: Dialects;
  readonly ledger: Pick<Ledger, 'recordStart' | 'written'>;
  readonly settle: SettleDependencies;
  readonly reasoning: ReasoningMemory;
  readonly demo: DemoProvider;
  openDispatcher(origin: string): Dispatcher;
  newCallId(): number;
  clock(): number;
  ticks(): number;
  random(): number;
  /** Every model a caller could name, from cache. */
  readModels(): Promise<readonly ListedModel[]>;
  wait(delayMs: number): Promise<void>;
  /** Names this gateway towards others like it, so that a loop of them is noticed. */
  readonly instanceId: string;
  /** Security headers of every reply: flat name/value list. */
  readonly baseHeaders: readonly string[];
  redact(text: string): string;
  readonly log: { error(message: string, detail: Record<string, unknown>): void };
  /** A request without a valid caller key: counted, not recorded. */
  onRefused(code: ErrorCode): void;
  onStarted(call: OpenCall): void;
  /** Calls whose answer is not complete. */
  readonly openCalls: OpenList<OpenCall>;
  /** Usage of a call that was broken off: what the provider reported by then, else an estimate, flagged. */
  readPartial(call: OpenCall): Partial<ReplyFacts> | null;
  /** Base URLs whose server answered 400 to `stream_options`. */
  readonly refusesStreamOptions: Set<string>;
}
