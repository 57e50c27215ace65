/** Names or patterns divided by commas, spaces or lines, each once. */
export function readNames(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}
