/** Long work on the writer thread runs in slices, between which batches are written. */
export const SLICE_MS = 150;

/** Runs slices until one says that nothing is left; other work gets a turn between them. */
export async function runSlices(slice: () => boolean): Promise<void> {
  while (slice()) await new Promise((resolve) => setImmediate(resolve));
}
