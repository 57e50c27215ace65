import type { ProviderInput } from '../contract/admin-api.ts';
import type { AdminEvent } from '../contract/admin-events.ts';
import type { CallerKey, LocalServer, Provider, ProviderTest, Settings, VaultKind, VaultStatus } from '../contract/entities.ts';
import type { Tags } from '../domain/tags.ts';
import type { LedgerHealth } from '../store/ledger.ts';
import type { LedgerReader } from '../store/ledger-reader.ts';

/** What the control plane works on; built in gateway/gateway.ts. Every method may throw a GatewayError with a clear message. */
export interface AdminServices {
  readonly version: string;
  readonly dataDir: string;
  readonly startedAt: number;
  /** Where the gateway listens, e.g. "http://127.0.0.1:7979"; known once it listens. */
  url(): string;
  clock(): number;
  readonly reader: LedgerReader;
  readonly ledger: { readonly health: LedgerHealth; deleteCall(id: number): Promise<void>; flush(): Promise<void> };
  readonly providers: ProviderDirectory;
  readonly callerKeys: CallerKeyDirectory;
  readonly settings: { read(): Settings; save(change: Partial<Settings>): Promise<Settings> };
  readonly prices: {
    listOverrides(): readonly unknown[];
    /** Validates; @throws GatewayError invalid_request naming the row at fault */
    saveOverrides(items: readonly unknown[]): Promise<readonly unknown[]>;
    /** Cost line by line from a stored price row and stored buckets; [] when there is no row. */
    explain(priceRow: unknown, usage: unknown): unknown[];
    /** Whether an ordinary call of this model would have a cost now. */
    knows(provider: string, model: string): boolean;
  };
  readonly vault: VaultControl;
  readonly events: EventHub;
  /** Live counters for /metrics, e.g. "tollgate_calls_total{status=\"ok\"}" → 12. */
  readMetrics(): ReadonlyMap<string, number>;
}

export interface VaultControl {
  describe(): VaultStatus;
  retry(): Promise<string>;
  /** @throws GatewayError vault_unavailable when it stays locked */
  unlock(passphrase: string): Promise<VaultStatus>;
  /**
   * Puts the key that seals all others into another place, or under another passphrase, and empties the old place.
   * @throws GatewayError conflict when the environment names the place; invalid_request, vault_unavailable: all is as it was
   */
  move(kind: VaultKind, passphrase: string | null): Promise<VaultStatus>;
}

export interface EventHub {
  /** @param describe called only while somebody listens, or has just listened */
  publish(describe: () => AdminEvent): void;
  /** Events after `lastId` that are still remembered come first. Returns the unsubscribe function. */
  subscribe(listener: (id: number, event: AdminEvent) => void, lastId?: number): () => void;
  /** Of the event published last. */
  readonly lastId: number;
}

export interface ProviderDirectory {
  list(): Provider[];
  /** Checks the key's format and tests it live before saving, unless `skipTest`. A new origin detaches the stored key. */
  save(input: ProviderInput): Promise<{ provider: Provider; test: ProviderTest | null }>;
  test(id: string): Promise<ProviderTest>;
  /** Asks the usual ports of this machine for a model server. */
  findLocal(): Promise<LocalServer[]>;
  remove(id: string): Promise<void>;
}

export interface CallerKeyDirectory {
  list(): CallerKey[];
  create(input: {
    name: string;
    tags?: Tags;
    scope?: { models?: string[]; providers?: string[] };
  }): Promise<{ key: CallerKey; secret: string }>;
  /** From the next request on the key is refused, and its open streams are cut. */
  revoke(id: string): Promise<CallerKey>;
}
