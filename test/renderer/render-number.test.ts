import { expect, it } from 'vitest';
import { renderDuration } from '../../src-renderer/ui/render-number.ts';

it.each([
  [null, '–'],
  [0, '0 ms'],
  [640, '640 ms'],
  [999.6, '1.0 s'],
  [4_900, '4.9 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [119_400, '1 min 59 s'],
  [119_700, '2 min 0 s'],
  [200_000, '3 min 20 s'],
])('%s ms take %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text);
});
