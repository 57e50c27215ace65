const coloured = 7;

/** For what is summed up as the rest. */
export const restColour = `--series-${coloured + 1}`;

/** The colour each name was given last in this window, by its number. */
const given = new Map<string, number>();
const maxGiven = 2_000;

/**
 * A colour (custom property) for each of the names that are shown together, whatever their order. A name keeps the colour
 * it had before; a new one gets that of its hash, or the next that is free. Beyond seven names colours come twice.
 */
export function assignColours(names: Iterable<string>): ReadonlyMap<string, string> {
  const shown = [...new Set(names)].sort();
  const taken = new Set<number>();
  const colours = new Map<string, string>();
  const give = (name: string, wanted: number): void => {
    const colour = nextFree(wanted, taken);
    taken.add(colour);
    colours.set(name, `--series-${colour + 1}`);
    if (!given.has(name) && given.size < maxGiven) given.set(name, colour);
  };
  for (const name of shown) {
    const known = given.get(name);
    if (known !== undefined && !taken.has(known)) give(name, known);
  }
  for (const name of shown) if (!colours.has(name)) give(name, given.get(name) ?? hash(name) % coloured);
  return colours;
}

function nextFree(wanted: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < coloured; step++) {
    const colour = (wanted + step) % coloured;
    if (!taken.has(colour)) return colour;
  }
  return wanted;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
