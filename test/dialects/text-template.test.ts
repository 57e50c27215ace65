import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnTextTemplate } from '../../src-main/dialects/text-template.ts';

const exactRest = (rest: string) => (data: string, end: number) => data.slice(end) === rest;

function learn(data: string, text: string) {
  return learnTextTemplate({ data, field: 'text', text, learnRest: exactRest, resultOf: (next) => ({ next }) });
}

describe('learnTextTemplate', () => {
  it('reads any text out of an event that is otherwise the same, as parsing it would', () => {
    const event = (text: string) => ({ id: 'x', part: { text }, n: 1 });
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('"', '\\', '\\"', '"}', '\ud83d', '北京')),
        fc.boolean(),
        (text, spaced) => {
          const write = (value: string) => {
            const json = JSON.stringify(event(value));
            return spaced ? json.replace('"text":', '"text": ') : json;
          };
          expect(learn(write('learned'), 'learned')?.(write(text))).toEqual({ next: text });
        },
      ),
    );
  });

  it.each([
    ['{"text":"a","n":2}', 'something else differs behind the text'],
    ['{"n":1,"text":"a"}', 'the order differs'],
    ['{"text":"a","n":1}}', 'there is more'],
    ['{"text":"a', 'it is cut'],
    ['{"text":"","n":1}', 'the text is empty'],
    ['{"text":"a\\","n":1}', 'the quote is escaped'],
    ['{"text":"\\x","n":1}', 'the escape is none'],
    ['{"text":"a\tb","n":1}', 'a control character stands bare, which is not JSON'],
  ])('leaves %j to the parser: %s', (data) => {
    expect(learn('{"text":"learned","n":1}', 'learned')?.('{"text":"b","n":1}')).toEqual({ next: 'b' });
    expect(learn('{"text":"learned","n":1}', 'learned')?.(data)).toBeNull();
  });

  it.each([
    ['{"text":"a","copy":"a"}', 'a', 'it may be the copy that counts'],
    ['{"id":"é","text":"\\u00e9"}', 'é', 'only another field holds it in these bytes'],
    ['{"text":"\\u00e9"}', 'é', 'the bytes do not hold it'],
    ['{"a":"text"}', 'text', 'another field holds it'],
  ])('learns nothing from %j and %j: %s', (data, text) => {
    expect(learn(data, text)).toBeNull();
  });
});
