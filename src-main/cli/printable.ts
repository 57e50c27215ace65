/**
 * C0 and C1 controls, DEL, line and paragraph separators, bidirectional marks and overrides, zero-width no-break space,
 * lone surrogates. Threat: text of models and callers reaches a terminal, which obeys escape sequences and can be made to
 * show something else than what is there.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
/** JSON escapes the C0 controls itself; its line breaks and indentation are its own. */
const unsafeInJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** One line of text in which nothing acts on the terminal: ESC becomes "\u001b". */
export function renderPrintable(text: string): string {
  return text.replace(unsafe, escapeUnit);
}

/** JSON text, equal in meaning, in which nothing acts on the terminal. */
export function renderPrintableJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(unsafeInJson, escapeUnit);
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
