import type { ThinkingLevel } from './capabilities.ts';

/** What we send in `contents`; exactly one of the data fields is set. */
export interface WirePart {
  text?: string;
  thought?: true;
  inlineData?: { mimeType: string; data: string };
  fileData?: { fileUri: string; mimeType?: string };
  functionCall?: { id: string; name: string; args: Record<string, unknown> };
  functionResponse?: WireFunctionResponse;
  thoughtSignature?: string;
  mediaResolution?: { level: string };
}

export interface WireFunctionResponse {
  id: string;
  name: string;
  response: Record<string, unknown>;
  parts?: Pick<WirePart, 'inlineData' | 'fileData'>[];
}

export interface WireContent {
  role: 'user' | 'model';
  parts: WirePart[];
}

export interface WireThinkingConfig {
  includeThoughts?: true;
  thinkingBudget?: number;
  thinkingLevel?: ThinkingLevel;
}

export interface WireFunctionDeclaration {
  name: string;
  description?: string;
  parametersJsonSchema?: Record<string, unknown>;
}
