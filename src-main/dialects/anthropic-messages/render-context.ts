import type { ToolNames } from '../tool-names.ts';
import type { CacheMarks } from './cache-marks.ts';
import type { ModelCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';

/** What every renderer of one request needs. */
export interface RenderContext {
  /** The model name the provider knows. */
  model: string;
  capabilities: ModelCapabilities;
  names: ToolNames;
  marks: CacheMarks;
  lose: Lose;
}
