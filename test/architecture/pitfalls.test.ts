import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, it } from 'vitest';

/**
 * What other gateways got wrong, row by row. Each row is the subject of a test whose name begins with the row's id ("S7, S10: …"):
 * T are defects of the product ours is measured against, X of translation, S of streaming and relaying.
 */
const rows = [...number('T', 22), ...number('X', 23), ...number('S', 19)];
/** They concern callers of Messages and Responses whose provider speaks another dialect, which is not built yet. X15 is tested ahead of that. */
const later = ['X3'];

/** What each dialect means by its counts. */
const usages = [
  'usage of OpenAI chat',
  'usage of OpenAI Responses',
  'usage of Anthropic',
  'usage of Gemini',
  'usage of xAI',
  'usage of OpenRouter',
  'usage of DeepInfra',
];

/** In this order: five calls with a known cost · a prompt counted once · cached no dearer · tiers · unknown cost · three ends · two parallel
 *  tools · Gemini's tool loop · Claude's · text cut at every byte · days in two zones · a foreign page. */
const fixtures = number('fixture ', 16);

function number(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

const testRoot = resolve(import.meta.dirname, '..');

/** What stands before the colon of every string in the tests: "S7, S10" of "S7, S10: a caller that hangs up". */
function readLabels(): { files: string[]; labels: string[] } {
  const files = readdirSync(testRoot, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(test|spec)\.ts$/.test(path) && !path.includes('node_modules') && path !== join('architecture', 'pitfalls.test.ts'),
  );
  const labels: string[] = [];
  const take = (text: string | null): void => {
    const end = text?.indexOf(':') ?? -1;
    if (text !== null && end > 0) labels.push(text.slice(0, end));
  };
  for (const path of files) {
    const { program } = parseSync(path, readFileSync(join(testRoot, path), 'utf8'));
    new Visitor({
      Literal: ({ value }) => take(typeof value === 'string' ? value : null),
      TemplateElement: ({ value }) => take(value.cooked ?? null),
    }).visit(program);
  }
  return { files, labels };
}

it('every known pitfall is named by a test', () => {
  const { files, labels } = readLabels();
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((path) => path.endsWith('.spec.ts')).length).toBeGreaterThan(10);
  const isNamed = (id: string): boolean => labels.some((label) => new RegExp(`(^|[ ,])${id}($|[ ,])`).test(label));
  expect([...rows, ...usages, ...fixtures].filter((id) => !isNamed(id))).toEqual(later);
  expect(isNamed('S20')).toBe(false);
});
