import { describe, expect, it } from 'vitest';
import type { AssistantPart, ChatRequest, Message } from '../../src-main/domain/conversation.ts';
import { createReasoningMemory } from '../../src-main/proxy/reasoning-memory.ts';

const origin = { dialect: 'anthropic-messages', model: 'claude-x' };
const think = (text: string, signature: string): AssistantPart => ({ type: 'reasoning', text, signature });
const say = (text: string): AssistantPart => ({ type: 'text', text });
const call = (id: string, argumentsText = '{}'): AssistantPart => ({ type: 'tool-call', id, name: 'f', argumentsText });

function ask(...parts: AssistantPart[]): ChatRequest {
  const messages: Message[] = [
    { role: 'user', parts: [{ type: 'text', text: 'q' }] },
    { role: 'assistant', parts },
  ];
  return { model: 'm', messages } as unknown as ChatRequest;
}

const partsOf = (request: ChatRequest) => (request.messages[1] as { parts: AssistantPart[] }).parts;

describe('the reasoning memory', () => {
  it('X5: puts signed thinking back in front of the call it belongs to', () => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([think('hm', 'sig=='), say('let me look'), call('a')], origin);
    const restored = partsOf(memory.restore(ask(say('let me look'), call('a'))));
    expect(restored).toEqual([{ ...think('hm', 'sig=='), origin }, say('let me look'), call('a')]);
  });

  it('X6: keeps interleaved thinking in its order', () => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([think('1', 's1'), call('a'), think('2', 's2'), call('b')], origin);
    const restored = partsOf(memory.restore(ask(call('a'), call('b'))));
    expect(restored.map((part) => (part.type === 'reasoning' ? part.signature : part.type === 'tool-call' ? part.id : part.type))).toEqual([
      's1',
      'a',
      's2',
      'b',
    ]);
  });

  it('X8: signs the calls of a client that dropped their signatures, each with its own', () => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([{ ...call('a'), signature: 'g1' } as AssistantPart, call('b')], { dialect: 'gemini-generate', model: 'gemini-3' });
    const restored = partsOf(memory.restore(ask(call('a'), call('b'))));
    expect(restored[0]).toMatchObject({ signature: 'g1', signatureOrigin: { model: 'gemini-3' } });
    expect(restored[1]).not.toHaveProperty('signature');
  });

  it('takes arguments and text from the caller, who may have edited them', () => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([think('hm', 's'), say('old'), call('a', '{"x":1}')], origin);
    const restored = partsOf(memory.restore(ask(say('new'), call('a', '{"x":2}'))));
    expect(restored).toEqual([{ ...think('hm', 's'), origin }, say('new'), call('a', '{"x":2}')]);
  });

  it.each([
    ['has another set of calls', [call('a')]],
    ['brings its own signed thinking', [think('mine', 'own'), call('a'), call('b')]],
    ['has no call', [say('text')]],
    ['has an unknown call', [call('z'), call('b')]],
  ])('leaves a turn alone that %s', (_name, parts) => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([think('hm', 's'), call('a'), call('b')], origin);
    const request = ask(...parts);
    expect(memory.restore(request)).toBe(request);
  });

  it('forgets after twelve hours', () => {
    let now = 0;
    const memory = createReasoningMemory(() => now);
    memory.remember([think('hm', 's'), call('a')], origin);
    now = 12 * 3_600_000 + 1;
    const request = ask(call('a'));
    expect(memory.restore(request)).toBe(request);
  });

  it('holds a bounded number of turns, the newest', () => {
    const memory = createReasoningMemory(() => 0);
    for (let index = 0; index <= 5_000; index++) memory.remember([think('hm', 's'), call(`c${index}`)], origin);
    const first = ask(call('c0'));
    expect(memory.restore(first)).toBe(first);
    expect(partsOf(memory.restore(ask(call('c5000'))))).toHaveLength(2);
  });

  it('remembers nothing of a turn without reasoning', () => {
    const memory = createReasoningMemory(() => 0);
    memory.remember([say('x'), call('a')], origin);
    const request = ask(say('x'), call('a'));
    expect(memory.restore(request)).toBe(request);
  });
});
