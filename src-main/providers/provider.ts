import type { DialectId } from '../dialects/dialect.ts';

/** Who speaks a dialect, where, with which key and which quirks. A provider never defines a wire format. */
export interface ProviderDefinition {
  readonly id: string;
  readonly name: string;
  /** Dialects it speaks natively; the first is the one others are translated to. */
  readonly dialects: readonly [DialectId, ...DialectId[]];
  /** As its vendor's SDK writes it: OpenAI and its relatives include the version, Anthropic and Gemini are roots. */
  readonly baseUrl: string;
  readonly auth: ProviderAuth;
  /** What a key of this provider looks like; null = anything. A mismatch is an error before anything is sent. */
  readonly keyFormat: KeyFormat | null;
  /** A known vendor or product, as opposed to an endpoint the user described. */
  readonly vendor: boolean;
  /** Runs on the user's machine: no key needed, plain http on loopback, free. */
  readonly local: boolean;
  /** Model name prefixes (lower case) that are routed here without naming the provider. */
  readonly modelPrefixes: readonly string[];
  /** How a stream's usage is had: asked for by `stream_options`, sent unasked, or the server rejects the question. */
  readonly streamUsage: 'ask' | 'always' | 'unsupported';
  /** Fields of a Chat Completions request this server rejects or names otherwise, mended before sending. */
  readonly chatQuirks?: ChatQuirks;
}

export type ProviderAuth = 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'none';

export interface KeyFormat {
  readonly pattern: RegExp;
  /** Said when the pattern does not match, e.g. "Anthropic keys start with sk-ant-". */
  readonly hint: string;
}

export interface ChatQuirks {
  /** Only requests for these models; every one where absent. */
  readonly models?: RegExp;
  /** Only a body that holds one of these texts is parsed and mended; every other passes unchanged. */
  readonly triggers: readonly string[];
  /** Changes `body` in place. */
  mend(body: Record<string, unknown>): RequestMend[];
}

/** One change made for a server's sake; recorded as a Loss when something was dropped. */
export interface RequestMend {
  path: string;
  reason: string;
}

/** Header that carries the key. */
export function renderAuthHeader(auth: ProviderAuth, key: string): readonly [string, string] | null {
  switch (auth) {
    case 'bearer':
      return ['authorization', `Bearer ${key}`];
    case 'x-api-key':
      return ['x-api-key', key];
    case 'x-goog-api-key':
      return ['x-goog-api-key', key];
    case 'none':
      return null;
  }
}
