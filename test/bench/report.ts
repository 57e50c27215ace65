import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { type Goal, goals, judge, type Measured, type Verdict } from './goals.ts';

const START = '<!-- written by npm run bench -- --write; do not edit -->';
const END = '<!-- end of what npm run bench writes -->';

const verdictWords: Record<Verdict, string> = { moonshot: 'moonshot', must: 'yes', missed: 'NO', 'no bound': '' };

/** The table as a terminal shows it. */
export function renderTable(measured: readonly Measured[]): string {
  const rows = listRows(measured).map(({ goal, found }) => [
    goal.id,
    goal.measure,
    `${renderBound(goal, found.must ?? goal.must)} → ${renderBound(goal, goal.moonshot)}`,
    renderValue(goal, found.value),
    verdictWords[judge(goal, found)],
    found.detail,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

/** Puts the table between the two marks of the page; what stands around them is written by hand. */
export function writePage(path: string, command: string, measured: readonly Measured[]): void {
  const page = readFileSync(path, 'utf8');
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${path} has no place for the table: "${START}" and "${END}"`);
  writeFileSync(path, `${page.slice(0, start)}${START}\n\n${renderPagePart(command, measured)}\n\n${page.slice(end)}`);
}

function renderPagePart(command: string, measured: readonly Measured[]): string {
  const rows = listRows(measured).map(({ goal, found }) => {
    const bounds = goal.must === null ? '' : `${renderBound(goal, found.must ?? goal.must)} → ${renderBound(goal, goal.moonshot)}`;
    return `| ${goal.measure} | ${bounds} | **${renderValue(goal, found.value)}** | ${verdictWords[judge(goal, found)]} | ${found.detail} |`;
  });
  const gaps = listRows(measured)
    .filter(({ goal, found }) => goal.moonshot !== null && judge(goal, found) !== 'moonshot')
    .map(({ goal }) => `- ${goal.measure}: ${goal.gap ?? 'not yet looked into.'}`);
  return [
    `${new Date().toISOString().slice(0, 10)}, \`${command}\`, on ${renderMachine()}.`,
    '',
    '| Measure | Must → moonshot | Measured | Reached | Made of |',
    '|---|---|---|---|---|',
    ...rows,
    ...(gaps.length > 0 ? ['', 'Between us and the moonshots not reached:', '', ...gaps] : []),
  ].join('\n');
}

function listRows(measured: readonly Measured[]): { goal: Goal; found: Measured }[] {
  return goals.flatMap((goal) => {
    const found = measured.find(({ row }) => row === goal.id);
    return found === undefined ? [] : [{ goal, found }];
  });
}

function renderMachine(): string {
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memoryGb} GB, ${type()}, Node ${process.version}`;
}

function renderBound(goal: Goal, bound: number | null): string {
  return bound === null ? '–' : renderValue(goal, bound);
}

function renderValue({ unit }: Goal, value: number): string {
  if (unit === 'per s') return `${Math.round(value).toLocaleString('en-US')} per s`;
  const digits = unit === '×' || value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${unit}`;
}
