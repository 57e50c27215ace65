/** The data of each event in a recorded stream. What is no JSON is given as text. `[DONE]` is no event. */
export function readSseEvents(text: string): unknown[] {
  const events: unknown[] = [];
  let data: string[] = [];
  const flush = (): void => {
    if (data.length === 0) return;
    const joined = data.join('\n');
    data = [];
    if (joined !== '[DONE]') events.push(parseOr(joined));
  };
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (line === '') flush();
    else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
  }
  flush();
  return events;
}

export function looksLikeSse(text: string): boolean {
  return /^\uFEFF?\s*(data|event|id|retry)?:/.test(text.slice(0, 100));
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
