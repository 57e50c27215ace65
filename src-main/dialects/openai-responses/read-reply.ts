import type { ReplyFacts } from '../dialect.ts';
import { readTopLevel } from '../json-scan.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';
import { readResponsesUsage } from './usage.ts';

const factKeys = ['id', 'model', 'status', 'incomplete_details', 'error', 'usage', 'tool_usage', 'service_tier'];

/** Facts of a whole response object. Its output, which may run to megabytes, is skipped unparsed. */
export function readReply(body: Buffer): ReplyFacts {
  return readFacts(scanResponse(body));
}

/** The top-level values of a response object that are facts. */
export function scanResponse(json: Buffer): JsonObject {
  return readTopLevel(json, factKeys);
}

/** `finishReason` is the status ("completed", "failed", …), or why a response is incomplete ("max_output_tokens"). */
export function readFacts(response: JsonObject): ReplyFacts {
  const incomplete = asText(asObject(response['incomplete_details'])?.['reason']);
  return {
    usage: readResponsesUsage(response),
    responseId: asText(response['id']),
    model: asText(response['model']),
    finishReason: incomplete ?? asText(response['status']),
  };
}
