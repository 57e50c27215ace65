import type { SpawnedGateway } from '../support/test-gateway.ts';

interface CachedConversation {
  first: string;
  /** Goes on from `first` without a change. */
  held: string;
  /** Goes on from `held`; a message that both have is another. */
  broken: string;
}

const say = (role: string, content: string) => ({ role, content });

/** Three calls of a conversation. @returns their ids */
export async function holdCachedConversation(gateway: SpawnedGateway): Promise<CachedConversation> {
  const ask = async (...messages: object[]): Promise<string> => {
    const { id } = await gateway.readCall(await gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages }));
    return id;
  };
  const beginning = [say('system', 'You are a careful reviewer.'), say('user', 'Is this right?')];
  const question = say('user', 'What is missing?');
  const first = await ask(...beginning);
  const held = await ask(...beginning, say('assistant', 'Nearly.'), question);
  const shortened = say('assistant', 'Nearly. (shortened by a tool)');
  const broken = await ask(...beginning, shortened, question, say('assistant', 'A test.'), say('user', 'Write it.'));
  return { first, held, broken };
}
