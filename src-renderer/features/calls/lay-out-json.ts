/** JSON on lines of its own, for reading; null when it is none. */
export function layOutJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
