import type { RenderContext } from './render-context.ts';
import type { TextBlock, Turn, UserBlock } from './wire.ts';

const emptyText = '(empty)';

/** Brings fresh turns (they are changed) into the order the vendor accepts: alternating, a user first, no prefill where it is rejected. */
export function settleTurns(raw: readonly Turn[], context: RenderContext): Turn[] {
  const turns = mergeTurns(settleSystemTurns(mergeTurns(raw), context));
  if (turns[0]?.role !== 'user') {
    context.lose('messages', 'A conversation has to begin with a user message; an empty one was put first.');
    turns.unshift({ role: 'user', content: [] });
  }
  endTurns(turns, context);
  for (const turn of turns) if (turn.content.length === 0) turn.content.push({ type: 'text', text: emptyText });
  return turns;
}

/**
 * A system message among the others must follow a user turn and be last or precede an assistant turn, and only some
 * models take it; everywhere else it becomes user text in a marked frame.
 */
function settleSystemTurns(turns: readonly Turn[], context: RenderContext): Turn[] {
  return turns.map((turn, index): Turn => {
    if (turn.role !== 'system') return turn;
    const next = turns[index + 1]?.role;
    const legal = turns[index - 1]?.role === 'user' && (next === undefined || next === 'assistant');
    if (legal && context.capabilities.systemInMessages) return turn;
    context.lose('messages', 'A system message inside the conversation is sent as user text between <system-reminder> tags.');
    return { role: 'user', content: turn.content.map(frameSystemText) };
  });
}

function frameSystemText(block: TextBlock): TextBlock {
  block.text = `<system-reminder>\n${block.text}\n</system-reminder>`;
  return block;
}

function mergeTurns(raw: readonly Turn[]): Turn[] {
  const turns: Turn[] = [];
  for (const turn of raw) {
    const last = turns.at(-1);
    if (turn.role === 'user' && last?.role === 'user') last.content.push(...turn.content);
    else if (turn.role === 'assistant' && last?.role === 'assistant') last.content.push(...turn.content);
    else if (turn.role === 'system' && last?.role === 'system') last.content.push(...turn.content);
    else if (turn.role === 'user' || turn.content.length > 0) turns.push(turn);
  }
  return turns;
}

/** A final assistant text is a prefill: older models continue it and reject trailing white space, newer ones reject it. */
function endTurns(turns: Turn[], context: RenderContext): void {
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return;
  const block = last.content.at(-1);
  if (context.capabilities.prefill && block?.type === 'text') {
    const text = block.text.trimEnd();
    if (text !== block.text) context.lose('messages', 'White space at the end of the last assistant message was removed.');
    block.text = text;
    return;
  }
  context.lose('messages', 'The last message cannot be the assistant\'s; the user message "Continue." was added.');
  const goOn: UserBlock = { type: 'text', text: 'Continue.' };
  turns.push({ role: 'user', content: [goOn] });
}
