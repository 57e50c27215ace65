import type { BookModel, MatchRule } from './price-book-data.ts';

/** `certain` false: the name only begins (or ends) like a priced family, so the price is a guess. */
export interface ModelMatch {
  model: BookModel;
  certain: boolean;
}

export interface ModelIndex {
  byName: ReadonlyMap<string, BookModel>;
  ruled: readonly BookModel[];
}

const MAX_NAME_LENGTH = 200;
const SNAPSHOT = /[-@](?:20\d{6}|20\d\d-\d\d-\d\d)$/;
/** Endings that name the same model: a snapshot date, an alias, a preview date, Google's three-digit version. */
const SAME_MODEL = /^(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest|default)|-(?:preview|exp)|-\d\d-(?:\d\d|20\d\d)|-\d{3})+$/;
/** Endings that read as another version ("-9", ".9", "-5-9"): another model, with a price of its own. */
const OTHER_VERSION = /^[-._]?\d{1,2}(?!\d)/;

export function createModelIndex(models: readonly BookModel[]): ModelIndex {
  const byName = new Map<string, BookModel>();
  for (const model of models) for (const name of model.names) if (!byName.has(name)) byName.set(name, model);
  return { byName, ruled: models.filter((model) => model.rules !== undefined) };
}

/**
 * The spellings under which a model may be listed, most literal first: as written, without Claude Code's "[1m]",
 * without the provider or any path before it ("models/", "anthropic/"), without a snapshot date. All lower case.
 */
export function readModelNames(provider: string, model: string): string[] {
  const literal = model.trim().toLowerCase().slice(0, MAX_NAME_LENGTH);
  const plain = literal.replace(/\[\w+\]$/, '');
  const own = plain.startsWith(`${provider}/`) ? plain.slice(provider.length + 1) : plain;
  const full = [literal, plain, own, plain.slice(plain.lastIndexOf('/') + 1)];
  return [...new Set([...full, ...full.map((name) => name.replace(SNAPSHOT, ''))])];
}

/** An exact name, else a rule that is sure of it, else the rule with the longest common stem, marked as a guess. */
export function findModel(index: ModelIndex, names: readonly string[]): ModelMatch | null {
  for (const name of names) {
    const model = index.byName.get(name);
    if (model !== undefined) return { model, certain: true };
  }
  let guess: BookModel | null = null;
  let longest = 0;
  for (const name of names) {
    for (const model of index.ruled) {
      const stem = Math.max(0, ...(model.rules ?? []).map((rule) => matchRule(rule, name)));
      if (stem === CERTAIN) return { model, certain: true };
      if (stem > longest) {
        guess = model;
        longest = stem;
      }
    }
  }
  return guess === null ? null : { model: guess, certain: false };
}

const CERTAIN = Number.POSITIVE_INFINITY;

/** 0 = no match, CERTAIN, or the length of the common stem of a mere family likeness. */
function matchRule(rule: MatchRule, name: string): number {
  if ('equals' in rule) return name === rule.equals.toLowerCase() ? CERTAIN : 0;
  if ('starts_with' in rule) return matchStem(rule.starts_with, name, 0);
  if ('contains' in rule) return matchStem(rule.contains, name, name.indexOf(rule.contains.toLowerCase()));
  if ('ends_with' in rule) return matchStem(rule.ends_with, name, name.length - rule.ends_with.length);
  if ('regex' in rule) return new RegExp(rule.regex).test(name) ? CERTAIN : 0;
  if ('and' in rule) return Math.min(...rule.and.map((part) => matchRule(part, name)));
  return Math.max(...rule.or.map((part) => matchRule(part, name)));
}

function matchStem(stem: string, name: string, at: number): number {
  if (at < 0 || !name.startsWith(stem.toLowerCase(), at)) return 0;
  const rest = name.slice(at + stem.length);
  const whole = at === 0 || /[/.:]/.test(name.charAt(at - 1));
  if (whole && (rest === '' || SAME_MODEL.test(rest))) return CERTAIN;
  const separated = /[-._:@]$/.test(stem);
  if (!separated && (OTHER_VERSION.test(rest) || /^\w/.test(rest))) return 0;
  return stem.length;
}
