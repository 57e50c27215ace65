import type { ToolNames } from '../tool-names.ts';
import type { CacheMarks } from './cache-marks.ts';
import type { ModelCapabilities } from './capabilities.ts';

/** Records what the vendor cannot say. */
export type Lose = (path: string, reason: string) => void;

/** What every renderer of one request needs. */
export interface RenderContext {
  /** The model name the provider knows. */
  model: string;
  capabilities: ModelCapabilities;
  names: ToolNames;
  marks: CacheMarks;
  lose: Lose;
}
