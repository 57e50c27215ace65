import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { GatewayError } from '../domain/gateway-error.ts';

export type RequestPart = 'body' | 'querystring' | 'params';
type Validation = { value: unknown } | { error: Error };

/**
 * Validator of one part of a request. Bodies are taken as they are: "5" is not 5, unknown fields are refused where the
 * schema is closed. Query values arrive as text, so whole numbers, booleans and repeatable fields are converted first.
 * @returns `{error}` with a GatewayError invalid_request that names the field
 */
export function createRequestValidator(schema: TSchema, part: RequestPart): (input: unknown) => Validation {
  return (input) => {
    const value = part === 'querystring' ? readQuery(schema, input) : input;
    return Check(schema, value) ? { value } : { error: describeFault(schema, part, value) };
  };
}

function readQuery(schema: TSchema, input: unknown): unknown {
  const properties = readProperties(schema);
  return Object.fromEntries(
    Object.entries(input as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === 'string' && Object.hasOwn(properties, name) ? readQueryValue(properties[name], value) : value,
    ]),
  );
}

function readQueryValue(schema: unknown, text: string): unknown {
  const type = (schema as { type?: unknown }).type;
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

interface Fault {
  keyword: string;
  instancePath: string;
  message: string;
  params: Record<string, unknown>;
}

function describeFault(schema: TSchema, part: RequestPart, value: unknown): GatewayError {
  const faults = [...Errors(schema, value)] as unknown as Fault[];
  const place = part === 'querystring' ? 'query' : part === 'params' ? 'path' : 'body';
  // A closed schema reports "schema is false" at the extra field: that path is the field's name.
  const extra = faults.find((fault) => fault.keyword === 'boolean');
  if (extra !== undefined) {
    const known = Object.keys(readProperties(schema)).join(', ');
    return fault(`Unknown field ${quoteField(extra)} in the ${place}. Known fields: ${known}.`, readField(extra));
  }
  const first = faults[0];
  if (first === undefined || first.instancePath === '') {
    const missing = first?.params['requiredProperties'];
    if (Array.isArray(missing)) return fault(`The ${place} lacks ${missing.map((name) => `"${name}"`).join(', ')}.`, String(missing[0]));
    return fault(`The ${place} ${first?.message ?? 'is not valid'}.`, null);
  }
  const choices = faults.filter((other) => other.instancePath === first.instancePath && other.keyword === 'const');
  const message =
    choices.length > 0
      ? `must be one of ${choices.map((choice) => JSON.stringify(choice.params['allowedValue'])).join(', ')}`
      : first.message;
  return fault(`Field ${quoteField(first)} of the ${place} ${message}.`, readField(first));
}

function fault(message: string, param: string | null): GatewayError {
  return new GatewayError('invalid_request', message, { param });
}

/** "/models/0" → "models[0]"; cut short, because the caller chose it. */
function readField(fault: Fault): string {
  const [first = '', ...rest] = fault.instancePath.slice(1).split('/');
  return (first + rest.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')).slice(0, 100);
}

function quoteField(fault: Fault): string {
  return JSON.stringify(readField(fault));
}

function readProperties(schema: TSchema): Record<string, unknown> {
  return (schema as { properties?: Record<string, unknown> }).properties ?? {};
}
