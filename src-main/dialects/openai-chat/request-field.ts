import type { UnmappedField } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { asObject, type JsonObject } from '../json-value.ts';

/** @throws GatewayError invalid_request: `path` is the field at fault, `problem` what it must be. */
export function reject(path: string, problem: string): never {
  throw new GatewayError('invalid_request', `${path} ${problem}.`, { param: path });
}

export interface NumberLimits {
  min?: number;
  max?: number;
  integer?: boolean;
}

/** Null when the field is absent or null, as OpenAI treats both alike. */
export function readNumber(wire: JsonObject, key: string, limits: NumberLimits = {}): number | null {
  const value = wire[key] ?? null;
  if (value === null) return null;
  const { min = -Infinity, max = Infinity, integer = false } = limits;
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  const kind = integer ? 'a whole number' : 'a number';
  const range = max !== Infinity ? ` from ${min} to ${max}` : min !== -Infinity ? ` of at least ${min}` : '';
  return reject(key, `must be ${kind}${range}`);
}

export function readBoolean(wire: JsonObject, key: string, path = key): boolean | null {
  const value = wire[key] ?? null;
  if (value === null || typeof value === 'boolean') return value;
  return reject(path, 'must be true or false');
}

export function readString(wire: JsonObject, key: string, path = key): string | null {
  const value = wire[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  return reject(path, 'must be a string');
}

export function requireString(wire: JsonObject, key: string, path = key): string {
  const value = readString(wire, key, path);
  return value === null || value === '' ? reject(path, 'is missing: it must be a non-empty string') : value;
}

export function readObject(wire: JsonObject, key: string, path = key): JsonObject | null {
  const value = wire[key] ?? null;
  return value === null ? null : (asObject(value) ?? reject(path, 'must be an object'));
}

export function requireObject(value: unknown, path: string): JsonObject {
  return asObject(value) ?? reject(path, 'must be an object');
}

export function readArray(wire: JsonObject, key: string, path = key): unknown[] {
  const value = wire[key] ?? null;
  if (value === null) return [];
  return Array.isArray(value) ? value : reject(path, 'must be an array');
}

/** Notes every field that says something and that no reader took. `prefix` is "" at the top, else "messages[2]." */
export function noteUnmapped(
  wire: JsonObject,
  taken: ReadonlySet<string>,
  prefix: string,
  reasonOf: (key: string) => string,
): UnmappedField[] {
  const rest = Object.keys(wire).filter((key) => !taken.has(key) && saysSomething(wire[key]));
  return rest.map((key) => ({ path: `${prefix}${key}`, reason: reasonOf(key) }));
}

/** Null, false and empty containers ask for nothing. */
function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
