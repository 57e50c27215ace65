const seriesCount = 8;

/** Custom property of a name's colour: the same name has the same one on every page and every day. */
export function seriesVariable(name: string): string {
  let hash = 2166136261;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 16777619);
  return `--series-${((hash >>> 0) % (seriesCount - 1)) + 1}`;
}

/** For what is summed up as "other". */
export const otherVariable = `--series-${seriesCount}`;
