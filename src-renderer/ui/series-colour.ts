const coloured = 7;

/** Custom property of the n-th series, from 0; they come again after seven. */
export function seriesVariable(index: number): string {
  return `--series-${(index % coloured) + 1}`;
}

/** For what is summed up as "other". */
export const otherVariable = `--series-${coloured + 1}`;
