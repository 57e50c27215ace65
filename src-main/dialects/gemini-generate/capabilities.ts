export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

export type ThinkingControl =
  /** A number of tokens, -1 = as many as the model likes, 0 = off where `canDisable`. */
  | { kind: 'budget'; min: number; max: number; canDisable: boolean }
  /** A named level; thinking is always on. Sorted from least to most. */
  | { kind: 'level'; levels: readonly ThinkingLevel[] }
  | { kind: 'none' };

export interface GeminiCapabilities {
  thinking: ThinkingControl;
  /**
   * Since Gemini 3 function calls must carry their thought signature, function results may hold media, parts may name
   * their resolution, and JSON output may be asked for beside tools. Earlier models refuse all of these.
   */
  sinceGemini3: boolean;
}

const budget = (min: number, max: number, canDisable: boolean): ThinkingControl => ({ kind: 'budget', min, max, canDisable });
const level = (...levels: ThinkingLevel[]): ThinkingControl => ({ kind: 'level', levels });

/** First match wins. Source: ai.google.dev/gemini-api/docs/thinking, as of 2026-11. */
const thinkingByModel: readonly [RegExp, ThinkingControl][] = [
  [/-(image|tts|live|native-audio|computer-use)/, { kind: 'none' }],
  [/^gemini-2\.5-pro/, budget(128, 32_768, false)],
  [/^gemini-2\.5-flash-lite/, budget(512, 24_576, true)],
  [/^gemini-2\.5-flash/, budget(0, 24_576, true)],
  [/^gemini-3(\.0)?-pro/, level('LOW', 'HIGH')],
  [/^gemini-3(\.0)?-flash/, level('MINIMAL', 'LOW', 'MEDIUM', 'HIGH')],
  // Newer models share these three; MINIMAL is a 400 on most of them.
  [/^gemini-([3-9]|\d\d)/, level('LOW', 'MEDIUM', 'HIGH')],
  [/^gemini-(pro|flash|flash-lite)-latest/, level('LOW', 'MEDIUM', 'HIGH')],
];

/** @param model the provider's name, with or without "models/" */
export function resolveCapabilities(model: string): GeminiCapabilities {
  const name = bareModelName(model).toLowerCase();
  const thinking = thinkingByModel.find(([match]) => match.test(name))?.[1] ?? { kind: 'none' };
  return { thinking, sinceGemini3: /^gemini-([3-9]|\d\d|pro-latest|flash-latest|flash-lite-latest)/.test(name) };
}

/** "models/gemini-3-pro" and "gemini-3-pro" are the same model. */
export function bareModelName(model: string): string {
  return model.startsWith('models/') ? model.slice('models/'.length) : model;
}
