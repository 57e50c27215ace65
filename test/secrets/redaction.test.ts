import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallerKey } from '../../src-main/secrets/caller-key.ts';
import { createRedactor, redactionMask } from '../../src-main/secrets/redaction.ts';

const held = 'my+own/secret="quoted"&ünï';
const serviceAccount = JSON.stringify({ private_key: 'line one\nline two', n: 1 });
const redactor = createRedactor({ secrets: () => [held, serviceAccount, 'my+own/secret="quoted"&ünï-longer'] });
const none = createRedactor({ secrets: () => [] });
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Made-up values of each vendor's shape. */
const shaped: Record<string, string> = {
  anthropic: `sk-ant-api03-${'aB3_-'.repeat(18)}AA`,
  'anthropic oauth': `sk-ant-oat01-${'x'.repeat(90)}`,
  'openai project': `sk-proj-${'aB3_-'.repeat(20)}`,
  'openai legacy': `sk-${'a1'.repeat(10)}T3BlbkFJ${'b2'.repeat(10)}`,
  deepseek: `sk-${'0123456789abcdef'.repeat(2)}`,
  openrouter: `sk-or-v1-${'0123456789abcdef'.repeat(4)}`,
  google: `AIza${'Sy-_5'.repeat(7)}`,
  groq: `gsk_${'aB3'.repeat(17)}`,
  xai: `xai-${'aB3'.repeat(26)}`,
  perplexity: `pplx-${'aB3'.repeat(16)}`,
  'hugging face': `hf_${'aB3'.repeat(11)}`,
  bedrock: `ABSK${base64('BedrockAPIKey-x-at-123456789012:0123456789abcdef')}`,
  aws: 'AKIAABCDEFGHIJ234567',
  github: `ghp_${'aB3'.repeat(12)}`,
  'github fine-grained': `github_pat_${'aB3_'.repeat(20)}`,
  slack: 'xoxb-123456789012-abcdefABCDEF',
  stripe: `sk_live_${'aB3'.repeat(8)}`,
  jwt: `${base64('{"alg":"HS256"}').replaceAll('=', '')}.${base64('{"sub":"1234567890"}').replaceAll('=', '')}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g`,
  'private key': `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\n'.repeat(20)}`,
  'private key in JSON': `-----BEGIN RSA PRIVATE KEY-----\\n${'MIIEvQIBADANBgkqhkiG9w0B\\n'.repeat(20)}`,
  tollgate: createCallerKey(),
};

describe('G2: secrets held', () => {
  it.each([
    ['as it is', held],
    ['in JSON', JSON.stringify(held).slice(1, -1)],
    ['in a URL', encodeURIComponent(held)],
    ['in a URL with small hex', encodeURIComponent(held).replace(/%../g, (hex) => hex.toLowerCase())],
    ['of several lines, in JSON', JSON.stringify(serviceAccount).slice(1, -1)],
  ])('are masked %s', (_form, text) => {
    expect(redactor.redact(`<${text}>`)).toBe(`<${redactionMask}>`);
    expect(redactor.redact(`a${text}b${text}`)).toBe(`a${redactionMask}b${redactionMask}`);
  });

  it.each(['', 'u:', 'ab:', 'abc:'])('are masked in base64 behind %j', (before) => {
    const encoded = base64(`${before}${held}:after`);
    const masked = redactor.redact(encoded);
    expect(masked).toContain(redactionMask);
    expect(Buffer.from(masked.replace(redactionMask, ''), 'base64').toString()).not.toContain('secret');
    expect(redactor.redact(Buffer.from(`${before}${held}:after`).toString('base64url'))).toContain(redactionMask);
  });

  it('are masked whole when one is the beginning of another', () => {
    expect(redactor.redact(`${held}-longer ${held}-lon`)).toBe(`${redactionMask} ${redactionMask}-lon`);
  });

  it('are known from the moment they are saved, and placeholders of local servers are words', () => {
    const secrets = ['ollama'];
    const live = createRedactor({ secrets: () => secrets });
    expect(live.redact('ollama 0123456789')).toBe('ollama 0123456789');
    secrets.push('0123456789');
    expect(live.redact('ollama 0123456789')).toBe(`ollama ${redactionMask}`);
    secrets.pop();
    expect(live.redact('ollama 0123456789')).toBe('ollama 0123456789');
  });

  it('are found wherever and however many there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 8, maxLength: 20, unit: fc.constantFrom('a', 'b', '"', '+') }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(fc.nat(5), fc.string({ unit: fc.constantFrom('a', 'b', '"', '+'), maxLength: 12 })), { maxLength: 12 }),
        (secrets, parts) => {
          const text = parts.map((part) => (typeof part === 'number' ? secrets[part % secrets.length]! : part)).join('');
          const masked = createRedactor({ secrets: () => secrets }).redact(text);
          expect(masked.split(redactionMask).filter((rest) => secrets.some((secret) => rest.includes(secret)))).toEqual([]);
          if (!masked.includes(redactionMask)) expect(masked).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('G2: shapes of keys', () => {
  it.each(Object.entries(shaped))('%s is masked', (_name, key) => {
    for (const [before, after] of [
      ['', ''],
      ['Incorrect API key provided: ', '.'],
      ['{"a":"', '"}'],
      ['{"text":"keys:\\n', '"}'],
      ['/x?token%3D', '&y=1'],
    ] as const) {
      expect(none.redact(`${before}${key}${after}`).replace('.', '')).toBe(`${before}${redactionMask}${after}`.replace('.', ''));
    }
  });

  it.each([
    'the task-oriented sk-learn tk_short risk-averse-and-quite-long-compound-word-here',
    'sk-abcd****************************wxyz',
    `data:image/png;base64,${base64('x'.repeat(3000))}AIzaSyA${'b'.repeat(40)}`,
    'The header -----BEGIN PRIVATE KEY----- begins a key file',
    'eyJhbGciOiJIUzI1NiJ9 is a JWT header',
    'AKIAABCDEFGHIJ234567LONGERWORD',
  ])('leaves %.60s', (text) => {
    expect(none.redact(text)).toBe(text);
  });

  it('masks a key that follows a private key, and leaves the closing line', () => {
    const text = `${shaped['private key']}-----END PRIVATE KEY-----\n${shaped['google']}`;
    expect(none.redact(text)).toBe(`${redactionMask}-----END PRIVATE KEY-----\n${redactionMask}`);
  });
});

describe('G2: streams', () => {
  const text = `data: {"e":"bad ${held} ${JSON.stringify(held)} ${Object.values(shaped).join(' ')} ${held}-long`;

  function streamed(redact: typeof redactor, chunks: readonly string[]): string {
    const stream = redact.redactStream();
    return chunks.map((chunk) => stream.push(chunk)).join('') + stream.end();
  }

  it('give what the whole gives, at every split point', () => {
    const whole = redactor.redact(text);
    for (let at = 0; at <= text.length; at++) expect(streamed(redactor, [text.slice(0, at), text.slice(at)])).toBe(whole);
  });

  it('give what the whole gives, cut into single characters or anyhow', () => {
    const whole = redactor.redact(text);
    expect(streamed(redactor, text.split(''))).toBe(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 30 }), (cuts) => {
        const ends = [...cuts, text.length].sort((a, b) => a - b);
        expect(
          streamed(
            redactor,
            ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end)),
          ),
        ).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('give what the whole gives for text made of pieces of secrets', () => {
    const pieces = [held, ...Object.values(shaped)].flatMap((key) => [key, key.slice(0, 6), key.slice(0, -1), key.slice(3)]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ' ', '\\n', '%3D', '-', '"'), { maxLength: 12 }), (chunks) => {
        expect(streamed(redactor, chunks)).toBe(redactor.redact(chunks.join('')));
      }),
      { numRuns: 1_000 },
    );
  });

  it('hold back nothing that cannot become a secret', () => {
    const stream = redactor.redactStream();
    expect(stream.push('Hello, world. The answer is 42.\n\n')).toBe('Hello, world. The answer is 42.\n\n');
    expect(stream.push('key: sk-ant-api0')).toBe('key: ');
    expect(stream.push('no. ')).toBe('sk-ant-api0no. ');
  });

  it('hold back a bounded amount', () => {
    const stream = none.redactStream();
    let out = stream.push(' sk-ant-api03-');
    for (let i = 0; i < 200; i++) out += stream.push('a'.repeat(1_000));
    expect(out.startsWith(` ${redactionMask}`)).toBe(true);
    expect(out.length).toBeGreaterThan(100_000);
  });
});

describe('C8: speed', () => {
  const secrets = Array.from({ length: 30 }, () => `sk-${randomBytes(30).toString('base64')}`);
  const busy = createRedactor({ secrets: () => secrets });

  /** The best of some runs: the machine may be busy, the work is the same. */
  function measureMs(work: () => void): number {
    const runs = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    });
    return Math.min(...runs);
  }

  it.each([
    'The quick brown fox jumps over the lazy dog. ',
    'eyJ',
    ' eyJ',
    ' eyJaaaaaaaaaa.',
    'sk-',
    ' sk-',
    ' sk-ant-api03-',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----\n',
    ' tk_',
    'AIza',
    '\\n',
    'A',
    secrets[0]!.slice(0, -1),
  ])('1 MB of %j takes less than 50 ms', (unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(measureMs(() => busy.redact(text))).toBeLessThan(50);
  });

  it('a long run that could be a key costs a stream no more than its length', () => {
    const text = `sk-ant-api03-${'eyJ'.repeat(60_000)}`;
    const work = () => {
      const stream = busy.redactStream();
      for (let at = 0; at < text.length; at += 50) stream.push(text.slice(at, at + 50));
      stream.end();
    };
    expect(measureMs(work)).toBeLessThan(200);
  });
});
