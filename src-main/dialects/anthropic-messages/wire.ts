import type { JsonObject } from '../json-value.ts';

/** The parts of the Messages API that we write. Wire names keep the vendor's snake_case. */

interface CacheControl {
  type: 'ephemeral';
  /** Absent = 5 minutes. */
  ttl?: '1h';
}

export interface Markable {
  cache_control?: CacheControl;
}

export interface TextBlock extends Markable {
  type: 'text';
  text: string;
}

export interface ImageBlock extends Markable {
  type: 'image';
  source: { type: 'base64'; media_type: string; data: string } | { type: 'url'; url: string };
}

export interface DocumentBlock extends Markable {
  type: 'document';
  source:
    | { type: 'base64'; media_type: 'application/pdf'; data: string }
    | { type: 'text'; media_type: 'text/plain'; data: string }
    | { type: 'url'; url: string };
  title?: string;
}

export interface ThinkingBlock {
  type: 'thinking';
  thinking: string;
  signature: string;
}

export interface RedactedThinkingBlock {
  type: 'redacted_thinking';
  data: string;
}

interface ToolUseBlock extends Markable {
  type: 'tool_use';
  id: string;
  name: string;
  input: JsonObject;
}

export interface ToolResultBlock extends Markable {
  type: 'tool_result';
  tool_use_id: string;
  content?: string | ResultContent[];
  is_error?: true;
}

export type ResultContent = TextBlock | ImageBlock | DocumentBlock;
export type UserBlock = ResultContent | ToolResultBlock;
export type AssistantBlock = TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock;

export type Turn =
  | { role: 'user'; content: UserBlock[] }
  | { role: 'assistant'; content: AssistantBlock[] }
  | { role: 'system'; content: TextBlock[] };

export interface WireTool extends Markable {
  name: string;
  description?: string;
  input_schema: JsonObject;
  strict?: true;
}

/** The oldest dated version: later ones filter results by running code and ask more of the model. */
export interface WebSearchTool {
  type: 'web_search_20250305';
  name: 'web_search';
}

export type WireToolChoice =
  | { type: 'auto' | 'any'; disable_parallel_tool_use?: true }
  | { type: 'tool'; name: string; disable_parallel_tool_use?: true }
  | { type: 'none' };

export type EffortLevel = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export type WireThinking =
  | { type: 'adaptive'; display: 'summarized' }
  | { type: 'enabled'; budget_tokens: number }
  | { type: 'between_tools' }
  | { type: 'disabled' };
