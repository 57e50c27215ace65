import { boundaryLength, findKeyShapes, findOpenKeyShape } from './redaction/find-key-shapes.ts';
import type { TextFinder } from './redaction/find-texts.ts';
import { createTextFinder } from './redaction/find-texts.ts';
import { listSecretForms } from './redaction/secret-forms.ts';
import type { Span } from './redaction/span.ts';
import { mergeSpans } from './redaction/span.ts';

/** What stands in the place of a secret: safe inside JSON, URLs and headers. */
export const redactionMask = '[redacted]';

export interface Redactor {
  redact(text: string): string;
  /** For text that comes in pieces, cut anywhere: what comes out is what `redact` makes of the whole. */
  redactStream(): RedactingStream;
}

export interface RedactingStream {
  /** The text that is now certain; the beginning of a possible secret is held back until more comes. */
  push(chunk: string): string;
  end(): string;
}

/** More is never held back. A key of a published shape that is longer is masked as far as this goes. */
const maxHeldBack = 64 * 1024;

/**
 * Masks every secret held, in each form it may take, and everything that has the shape of a key. `secrets` is asked anew
 * each time, so that a key saved a moment ago is masked; the search is rebuilt only when they changed.
 */
export function createRedactor({ secrets }: { secrets: () => Iterable<string> }): Redactor {
  let known: string[] = [];
  let finder = createTextFinder([]);

  function readFinder(): TextFinder {
    const current = [...secrets()];
    if (current.length !== known.length || current.some((secret, i) => secret !== known[i])) {
      known = current;
      finder = createTextFinder([...new Set(current.flatMap(listSecretForms))]);
    }
    return finder;
  }

  return {
    redact(text) {
      const spans = mergeSpans([...readFinder().find(text), ...findKeyShapes(text)]);
      return maskSpans(text, spans, 0, text.length);
    },
    redactStream: () => createRedactingStream(readFinder),
  };
}

function createRedactingStream(readFinder: () => TextFinder): RedactingStream {
  /** The last characters given out, which decide whether a word begins, then what is held back. */
  let text = '';
  let held = 0;
  let continues: (more: string) => boolean = () => false;

  function release(isEnd: boolean): string {
    const from = text.length - held;
    const finder = readFinder();
    const spans = mergeSpans([...finder.find(text), ...findKeyShapes(text)]);
    const open = findOpenKeyShape(text);
    const isTooLong = text.length - open.start > maxHeldBack;
    let upTo = text.length;
    if (!isEnd) upTo = Math.min(finder.findOpenEnd(text), isTooLong ? text.length : open.start);
    const cut = spans.find((span) => span.start < upTo && upTo < span.end);
    if (cut !== undefined) upTo = isTooLong ? cut.end : cut.start;
    upTo = Math.max(from, upTo);
    const out = maskSpans(text, spans, from, upTo);
    held = text.length - upTo;
    text = text.slice(Math.max(0, upTo - boundaryLength));
    continues = open.continues;
    return out;
  }

  return {
    push(chunk) {
      text += chunk;
      held += chunk.length;
      return held <= maxHeldBack && continues(chunk) ? '' : release(false);
    },
    end: () => release(true),
  };
}

/** The text between two places with each span in it masked. Spans are sorted and apart. */
function maskSpans(text: string, spans: readonly Span[], from: number, upTo: number): string {
  if (spans.length === 0) return text.slice(from, upTo);
  let out = '';
  let at = from;
  for (const { start, end } of spans) {
    if (end <= at || start >= upTo) continue;
    out += text.slice(at, Math.max(at, start)) + redactionMask;
    at = end;
  }
  return out + text.slice(at, Math.max(at, upTo));
}
