import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parsePriceBook } from '../../src-main/domain/pricing/price-book-data.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = join('scripts', 'generate-price-book.mjs');

describe('resources/price-book.json', () => {
  it('is what the generator writes today', () => {
    const check = spawnSync(process.execPath, [script, '--check'], { cwd: root, encoding: 'utf8' });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('fails the check when a byte differs, and is written again byte for byte', () => {
    const copy = mkdtempSync(join(tmpdir(), 'price-book-'));
    try {
      for (const folder of ['scripts', 'resources']) cpSync(join(root, folder), join(copy, folder), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
      const file = join(copy, 'resources', 'price-book.json');
      const original = readFileSync(file, 'utf8');
      writeFileSync(file, original.replace('"format":1', '"format":2'));
      expect(spawnSync(process.execPath, [script, '--check'], { cwd: copy }).status).toBe(1);
      execFileSync(process.execPath, [script], { cwd: copy });
      expect(readFileSync(file, 'utf8')).toBe(original);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("keeps the base's licence notice, date and version, and names what was left out", () => {
    const book = JSON.parse(readFileSync(join(root, 'resources', 'price-book.json'), 'utf8'));
    expect(book.header.base).toMatchObject({ package: '@pydantic/genai-prices', version: '0.1.8', checkedAt: '2026-09-23' });
    expect(book.header.base.license).toContain('Permission is hereby granted');
    expect(book.header.leftOut.providers).toContain('azure');
    expect(book.header.leftOut.modelsWithoutTokenPrice).toContain('openai/whisper-1');
  });

  it('is refused in a format that is not known', () => {
    expect(() => parsePriceBook({ format: 2, providers: [] })).toThrow(/format: 2/);
    expect(() => parsePriceBook('[]')).toThrow(/not a price book/);
  });
});
