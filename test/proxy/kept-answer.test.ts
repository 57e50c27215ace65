import { describe, expect, it } from 'vitest';
import { factsBytes, KeptAnswer, recordedBytes } from '../../src-main/proxy/kept-answer.ts';

const piece = (index: number, length: number): Buffer => Buffer.alloc(length, `${index},`);

describe('the answer kept while its call lasts', () => {
  it('holds the same bytes in few buffers, however small the pieces were', () => {
    const answer = new KeptAnswer(recordedBytes);
    const pieces = Array.from({ length: 2_000 }, (_, index) => piece(index, 1 + (index % 400)));
    for (const chunk of pieces) answer.push(chunk);
    expect(answer.chunks.length).toBeLessThan(20);
    expect(Buffer.concat(answer.chunks).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('copies small pieces, so that what they were cut from can go, and takes big ones as they are', () => {
    const answer = new KeptAnswer(recordedBytes);
    const small = [piece(1, 10), piece(2, 10), piece(3, 10)];
    const big = piece(4, 100_000);
    for (const chunk of [...small, big, piece(5, 10)]) answer.push(chunk);
    const expected = Buffer.concat([...small, big, piece(5, 10)]);
    for (const chunk of small.slice(1)) chunk.fill('x');
    expect(Buffer.concat(answer.chunks).equals(expected)).toBe(true);
    expect(answer.chunks).toContain(big);
  });

  it('can be read between two pieces', () => {
    const answer = new KeptAnswer(recordedBytes);
    let expected = '';
    for (let index = 0; index < 300; index++) {
      answer.push(piece(index, 97));
      expected += piece(index, 97).toString();
      expect(Buffer.concat(answer.chunks).toString()).toBe(expected);
    }
  });

  it('gives itself away once, and an answer beyond its bound not at all', () => {
    const answer = new KeptAnswer(recordedBytes);
    answer.push(piece(1, 50));
    answer.push(piece(2, 50));
    expect(Buffer.concat(answer.release() ?? []).length).toBe(100);
    expect(answer.chunks).toEqual([]);

    const bounded = new KeptAnswer(factsBytes);
    bounded.push(Buffer.from('beginning'));
    for (let index = 0; index < 40_000; index++) bounded.push(piece(index, 100));
    bounded.push(Buffer.from('end'));
    const kept = Buffer.concat(bounded.chunks);
    expect(kept.length).toBeLessThan(2 * factsBytes);
    expect(kept.toString().startsWith('beginning')).toBe(true);
    expect(kept.toString().endsWith('end')).toBe(true);
    expect(bounded.release()).toBeNull();
  });
});
