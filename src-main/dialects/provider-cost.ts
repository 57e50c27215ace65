import { parseNanoUsd } from '../domain/pricing/nano-usd.ts';

/** Nano-dollars of an amount of dollars that a provider reports as number or text; null when it is no amount from 0. */
export function parseUsd(amount: unknown): number | null {
  if (typeof amount !== 'number' && typeof amount !== 'string') return null;
  return Number(amount) >= 0 ? parseNanoUsd(amount) : null;
}

/** Nano-dollars of xAI's `cost_in_usd_ticks`: 1 USD = 10^10 ticks (docs.x.ai). */
export function parseUsdTicks(ticks: unknown): number | null {
  const text = typeof ticks === 'number' || typeof ticks === 'string' ? String(ticks) : '';
  return /^\d+$/.test(text) ? parseNanoUsd(`${text}e-10`) : null;
}
