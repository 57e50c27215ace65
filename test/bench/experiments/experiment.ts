import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';

/** Rows that are measured together. */
export interface Experiment {
  readonly rows: readonly string[];
  /** May give more rows than were wanted. @throws when what was measured is void: wrong replies, lost calls */
  run(lab: Lab, wants: (row: string) => boolean): Promise<Measured[]>;
}
