import type { EventHub } from '../admin/admin-services.ts';
import { dialects } from '../dialects/registry.ts';
import { renderCallId } from '../domain/call-id.ts';
import { demoProvider } from '../proxy/demo-provider.ts';
import { OpenList } from '../proxy/open-list.ts';
import type { ProxyDependencies } from '../proxy/proxy-dependencies.ts';
import { readPartial } from '../proxy/read-partial.ts';
import { createReasoningMemory } from '../proxy/reasoning-memory.ts';
import { summariseCall } from '../proxy/summarise-call.ts';
import type { UpstreamPools } from '../proxy/upstream-pools.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Configuration } from './configuration.ts';
import { flatSecurityHeaders } from './http-server.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Prices } from './prices.ts';

export interface ProxyParts extends Pick<ProxyDependencies, 'newCallId' | 'instanceId' | 'readModels' | 'clock' | 'redact'> {
  configuration: Configuration;
  ledger: Ledger;
  prices: Prices;
  events: EventHub;
  metrics: Metrics;
  log: Log;
  pools: UpstreamPools;
}

const unpriced = { costNanoUsd: null, costSource: 'unknown', priceRow: null } as const;

/** Hands the proxy's stages what they need and turns what they report into events and counters. */
export function createProxyDependencies(parts: ProxyParts): ProxyDependencies {
  const { configuration, ledger, events, metrics, clock, prices } = parts;
  /** What only looks at a call must not cost its caller the answer. */
  const attempt = <T>(what: string, otherwise: T, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      parts.log.error(what, { cause });
      return otherwise;
    }
  };
  return {
    configuration,
    dialects,
    ledger,
    settle: {
      ledger,
      metering: { priceCall: (question) => attempt('call not priced', unpriced, () => prices.priceCall(question)) },
      redact: parts.redact,
      recordsBodies: () => configuration.settings().recording === 'full',
      onFinished: (start, end) =>
        attempt('call not counted', undefined, () => {
          metrics.countCall(start.provider, end);
          events.publish(() => ({ type: 'call-finished', at: clock(), call: summariseCall(start, end) }));
        }),
    },
    reasoning: createReasoningMemory(clock),
    demo: demoProvider,
    openDispatcher: parts.pools.open,
    newCallId: parts.newCallId,
    clock,
    ticks: () => performance.now(),
    random: Math.random,
    readModels: parts.readModels,
    wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
    instanceId: parts.instanceId,
    baseHeaders: flatSecurityHeaders,
    redact: parts.redact,
    log: parts.log,
    onRefused: metrics.countRefused,
    onStarted({ start }) {
      if (start === null) return;
      events.publish(() => {
        const { startedAt, provider, model, requestedModel, stream, tags, client } = start;
        const call = { id: renderCallId(start.id), startedAt, provider, model, requestedModel, stream, tags: { ...tags }, client };
        return { type: 'call-started', at: startedAt, call };
      });
    },
    openCalls: new OpenList(),
    readPartial: (call) => attempt('partial answer not read', null, () => readPartial(dialects, call)),
    refusesStreamOptions: new Set(),
  };
}
