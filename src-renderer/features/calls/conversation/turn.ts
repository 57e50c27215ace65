/** A conversation as every dialect's requests and replies are shown. Nothing of a body is left out: what has no form of its own is `raw`. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | ToolCallPart
  | { kind: 'tool-result'; callId: string | null; name: string | null; isError: boolean; parts: Part[] }
  | MediaPart
  | { kind: 'raw'; label: string; json: string };

export interface ToolCallPart {
  kind: 'tool-call';
  callId: string | null;
  name: string;
  input: string;
  /** Put here from the turn that answers it; null = no answer in this call. */
  result: { isError: boolean; parts: Part[] } | null;
}

export interface MediaPart {
  kind: 'media';
  mediaType: string;
  name: string | null;
  /** null where only an address or an id was sent. */
  bytes: number | null;
  base64: string | null;
  /** Never loaded; shown as text. */
  address: string | null;
}

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Turn {
  role: Role;
  parts: Part[];
  /** Its place among the request's turns; the reply's have none. */
  at?: number;
}

export interface Conversation {
  system: Turn[];
  /** What this request repeats. */
  earlier: Turn[];
  /** What it adds, and the reply. */
  latest: Turn[];
  tools: string[];
  finish: string | null;
  /** Bodies, or ends of bodies, that could not be read. */
  problems: string[];
}

/** What a dialect's reader finds in one body. */
export interface Reading {
  turns: Turn[];
  tools?: string[];
  finish?: string | null;
}
