import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One change of a JSON value: at a place found by these steps (each modulo what is there), something odd. */
interface Edit {
  steps: number[];
  kind: 'replace' | 'delete' | 'repeat' | 'wrap' | 'rename';
  value: Json;
}

const oddValue = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    '',
    ' ',
    'text',
    '\u0000',
    '\ud800',
    [],
    {},
    [[]],
    [null],
    { type: 'x' },
    '__proto__',
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const edit: fc.Arbitrary<Edit> = fc.record({
  steps: fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'delete', 'repeat', 'wrap', 'rename'),
  value: oddValue,
});

/** The same value with one to four things wrong in it. */
export function mutatedJson(original: unknown): fc.Arbitrary<unknown> {
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const holder = { root: structuredClone(original) as Json };
    for (const one of edits) applyEdit(holder, one);
    return holder.root;
  });
}

/** JSON text of such a value; now and then cut, or with a byte changed. */
export function mutatedText(original: unknown): fc.Arbitrary<Buffer> {
  const harm = fc.record({ at: fc.nat(), byte: fc.nat(255), cuts: fc.boolean() });
  const damage = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: harm });
  return fc.tuple(mutatedJson(original), damage).map(([value, harm]) => {
    const bytes = Buffer.from(JSON.stringify(value) ?? '');
    if (harm === null || bytes.length === 0) return bytes;
    const at = harm.at % bytes.length;
    if (harm.cuts) return bytes.subarray(0, at);
    bytes[at] = harm.byte;
    return bytes;
  });
}

function applyEdit(root: { [key: string]: Json }, { steps, kind, value }: Edit): void {
  let parent: { [key: string]: Json } | Json[] = root;
  let key: string | number = 'root';
  for (const step of steps) {
    const child: Json | undefined = (parent as Record<string, Json>)[key];
    if (typeof child !== 'object' || child === null) break;
    const keys: (string | number)[] = Array.isArray(child) ? [...child.keys()] : Object.keys(child);
    if (keys.length === 0) break;
    parent = child;
    key = keys[step % keys.length] ?? 0;
  }
  const target = parent as Record<string | number, Json>;
  const old = target[key] ?? null;
  // Odd values are shared between cases, and a later edit may go into this one.
  if (kind === 'replace') target[key] = structuredClone(value);
  else if (kind === 'wrap') target[key] = [old];
  else if (kind === 'repeat' && Array.isArray(parent)) parent.push(structuredClone(old));
  else if (kind === 'rename' && !Array.isArray(parent)) target[`${key}x`] = old;
  else if (kind === 'delete' && Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (kind === 'delete') delete target[key];
}
