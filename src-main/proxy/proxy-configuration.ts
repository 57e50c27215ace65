import type { Settings } from '../contract/entities.ts';
import type { RoutableProvider } from '../domain/routing.ts';
import type { Tags } from '../domain/tags.ts';
import type { ProviderDefinition } from '../providers/provider.ts';
import type { OpenList } from './open-list.ts';

/** What the proxy reads of the configuration, in memory; kept up to date by gateway/configuration.ts. */
export interface ProxyConfiguration {
  /** In the order of precedence for routing. */
  providers(): readonly ConnectedProvider[];
  /** null when the token is no valid caller key (or was revoked). */
  findCaller(token: string): Caller | null;
  settings(): Settings;
}

export interface ConnectedProvider extends RoutableProvider {
  readonly definition: ProviderDefinition;
  /** Address in force; may differ from the definition's. */
  readonly origin: string;
  readonly basePath: string;
  /** The origin is the vendor's own; false for every address a user typed in. */
  readonly vendorAddress: boolean;
  readonly streamUsage: ProviderDefinition['streamUsage'];
  /** null when none is stored. @throws GatewayError vault_unavailable when one is stored but cannot be read now */
  readKey(): string | null;
}

/** A caller key, recognised. */
export interface Caller {
  readonly keyId: string;
  readonly tags: Tags;
  /** Its scope allows this model at this provider. */
  allows(providerId: string, model: string): boolean;
  /** Calls of this key that are open, so that revoking it can cut them. */
  readonly openCalls: OpenList<() => void>;
}
