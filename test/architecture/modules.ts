import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  /** As written. */
  specifier: string;
  /** Path below src-main for our own modules; null for packages and Node. */
  target: string | null;
  typeOnly: boolean;
  /** `export … from`. */
  reExport: boolean;
}

export interface Module {
  /** Path below src-main, e.g. "proxy/proxy-call.ts". */
  path: string;
  text: string;
  lines: number;
  imports: Import[];
  defaultExports: number;
  longFunctions: { name: string; lines: number }[];
}

export const sourceRoot = resolve(import.meta.dirname, '../../src-main');
const MAX_OWN_LINES = 60;
/** A factory with its inner functions. */
const MAX_ALL_LINES = 120;

/** Every source file, parsed. */
export function readModules(): Module[] {
  return readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readModule(path.replaceAll('\\', '/')));
}

function readModule(path: string): Module {
  const text = readFileSync(join(sourceRoot, path), 'utf8');
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const imports: Import[] = module.staticImports.map((entry) => ({
    ...resolveTarget(path, entry.moduleRequest.value),
    typeOnly: entry.entries.length > 0 && entry.entries.every(({ isType }) => isType),
    reExport: false,
  }));
  for (const statement of module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.moduleRequest) imports.push({ ...resolveTarget(path, entry.moduleRequest.value), typeOnly: entry.isType, reExport: true });
    }
  }
  for (const entry of module.dynamicImports) {
    const specifier = text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1);
    imports.push({ ...resolveTarget(path, specifier), typeOnly: false, reExport: false });
  }
  const defaultExports = module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ exportName }) => exportName.kind === 'Default').length;
  return { path, text, lines: text.split('\n').length - 1, imports, defaultExports, longFunctions: findLongFunctions(program, text) };
}

function resolveTarget(from: string, specifier: string): Pick<Import, 'specifier' | 'target'> {
  if (!specifier.startsWith('.')) return { specifier, target: null };
  return { specifier, target: relative(sourceRoot, resolve(sourceRoot, dirname(from), specifier)).replaceAll('\\', '/') };
}

/** A function's own lines (what stands in functions inside it counts there) and all its lines. */
function findLongFunctions(program: Parameters<Visitor['visit']>[0], text: string): { name: string; lines: number }[] {
  const found: { name: string; lines: number }[] = [];
  const open: { nested: number }[] = [];
  const countLines = (node: FunctionNode): number => text.slice(node.start, node.end).split('\n').length;
  const enter = (): void => {
    open.push({ nested: 0 });
  };
  const leave = (node: FunctionNode): void => {
    const all = countLines(node);
    const own = all - (open.pop()?.nested ?? 0);
    const outer = open.at(-1);
    if (outer !== undefined) outer.nested += all - 1;
    if (own > MAX_OWN_LINES || all > MAX_ALL_LINES)
      found.push({ name: node.id?.name ?? text.slice(node.start, node.start + 40), lines: all });
  };
  new Visitor({
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    'FunctionDeclaration:exit': leave,
    'FunctionExpression:exit': leave,
    'ArrowFunctionExpression:exit': leave,
  }).visit(program);
  return found;
}

interface FunctionNode {
  start: number;
  end: number;
  id?: { name?: string } | null;
}
