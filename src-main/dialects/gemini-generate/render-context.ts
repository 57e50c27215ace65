import type { UpstreamModel } from '../dialect.ts';
import type { ToolNames } from '../tool-names.ts';
import type { GeminiCapabilities } from './capabilities.ts';

/** What every part of a request needs to be rendered. */
export interface RenderContext {
  target: UpstreamModel;
  capabilities: GeminiCapabilities;
  names: ToolNames;
  /** Records what Gemini cannot say. */
  lose(path: string, reason: string): void;
}
