import type { ToolCallPart, Turn } from './turn.ts';

/**
 * Puts each result into the card of its call: by id, else by name and order (Gemini). As many turns come out as went in;
 * one may have no part left. Results without a call stay where they are.
 */
export function pairTools(turns: readonly Turn[]): Turn[] {
  const open: ToolCallPart[] = [];
  return turns.map((turn) => ({
    ...turn,
    parts: turn.parts.filter((part) => {
      if (part.kind === 'tool-call') open.push(part);
      if (part.kind !== 'tool-result') return true;
      const call = open.find((candidate) =>
        part.callId !== null && candidate.callId !== null ? candidate.callId === part.callId : candidate.name === part.name,
      );
      if (call === undefined) return true;
      open.splice(open.indexOf(call), 1);
      call.result = { isError: part.isError, parts: part.parts };
      return false;
    }),
  }));
}
