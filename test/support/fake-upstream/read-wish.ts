/** What a request asks of the default answers, read from any dialect's body. */
export interface Wish {
  model: string;
  stream: boolean;
  /** Names of the offered tools to call; empty = answer with text. */
  toolCalls: string[];
  thinking: boolean;
  /** Structured output is asked for. */
  json: boolean;
}

type Json = Record<string, unknown>;

/**
 * A user text with "[tools]" calls the first two tools offered (once: a request that ends with their results is answered with
 * text); "[think]" thinks first.
 */
export function readWish(body: Json, path: string): Wish {
  const messages = (body['messages'] ?? body['contents'] ?? body['input'] ?? []) as Json[] | string;
  const last = typeof messages === 'string' ? messages : JSON.stringify(messages.at(-1) ?? '');
  const hasResult = /"(tool_result|functionResponse|function_call_output|tool_call_id)"/.test(last);
  return {
    model: typeof body['model'] === 'string' ? body['model'] : decodeURIComponent(/models\/([^:?]+)/.exec(path)?.[1] ?? 'unknown'),
    stream: body['stream'] === true || path.includes(':streamGenerateContent'),
    toolCalls: last.includes('[tools]') && !hasResult ? readToolNames(body['tools']).slice(0, 2) : [],
    thinking: last.includes('[think]'),
    json: asksForJson(body),
  };
}

function readToolNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return (tools as Json[]).flatMap((tool) => {
    if (Array.isArray(tool['functionDeclarations'])) return readToolNames(tool['functionDeclarations']);
    const name = (tool['function'] as Json | undefined)?.['name'] ?? tool['name'];
    return typeof name === 'string' ? [name] : [];
  });
}

function asksForJson(body: Json): boolean {
  const { response_format: format, output_config: output, generationConfig: generation, text } = body as Record<string, Json | undefined>;
  return (
    format?.['type'] === 'json_schema' ||
    output?.['format'] !== undefined ||
    generation?.['responseMimeType'] === 'application/json' ||
    (text?.['format'] as Json | undefined)?.['type'] === 'json_schema'
  );
}

/** Arguments of the n-th call. */
export function inventArguments(index: number): Json {
  return { city: index === 0 ? '北京😀' : 'Oslo' };
}
