import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallEnd } from '../../src-main/domain/call.ts';
import { emptyUsage } from '../../src-main/domain/token-usage.ts';
import { decodeFrames, frameTypes, writeFrame } from '../../src-main/store/journal/frames.ts';
import { JournalReader } from '../../src-main/store/journal/journal-reader.ts';
import { type Journal, openJournal } from '../../src-main/store/journal/open-journal.ts';
import { describeRecord, type JournalRecord, renderEnd, renderStart } from '../../src-main/store/journal/records.ts';
import { listSegments, SEGMENT_BYTES, segmentPath } from '../../src-main/store/journal/segments.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeDataDir, makeIds } from './ledger-support.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function startJournal(dir = join(makeDataDir(), 'journal'), write = writeSync) {
  const unwritten: JournalRecord[] = [];
  let written = 0;
  let writes = 0;
  const journal = openJournal({
    dir,
    firstSegment: 1,
    onWritten: (records) => {
      written += records;
      writes++;
    },
    onUnwritten: (frames) => unwritten.push(...decodeFrames(Buffer.from(frames)).records),
    write,
  });
  return { dir, journal, unwritten, written: () => written, writes: () => writes };
}

function appendNow(journal: Journal, end: CallEnd): void {
  journal.appendEnd(end);
  journal.flush();
}

function readId(record: JournalRecord): number {
  return record.type === 'start' ? Number(record.start.columns[0]) : record.end.id;
}

function describeAny(record: JournalRecord | undefined): unknown {
  return record === undefined ? undefined : describeRecord(record);
}

function readAll(dir: string, journal: Journal): { ids: number[]; unreadableBytes: number } {
  const reader = new JournalReader(dir);
  const ids: number[] = [];
  let unreadableBytes = 0;
  for (let position = { segment: 1, offset: 0 }; ; ) {
    const chunk = reader.read(position, journal.position, { maxRecords: 7 });
    for (const record of chunk.records) ids.push(readId(record));
    unreadableBytes += chunk.unreadableBytes;
    position = chunk.position;
    if (chunk.records.length === 0) break;
  }
  reader.close();
  return { ids, unreadableBytes };
}

describe('journal', () => {
  it('has a start and an end in the file when `written` resolves', async () => {
    const { dir, journal } = startJournal();
    journal.appendStart(makeStart(1));
    journal.appendEnd(makeEnd(1));
    expect(existsSync(dir)).toBe(false);
    await journal.written();
    const { records, rest } = decodeFrames(readFileSync(segmentPath(dir, 1)));
    expect(rest).toBe('none');
    expect([...records].map(describeRecord)).toEqual([
      {
        type: 'start',
        id: 1,
        endpoint: 1,
        caller_dialect: 1,
        upstream_dialect: 1,
        conversion: 1,
        stream: 0,
        byok: 0,
        request_bytes: 100,
        provider: 'openai',
        model: 'gpt-test',
        callerKeyId: 'key_1',
        tags: { team: 'ml-ops', feature: 'review' },
        client: 'OpenAI/JS',
        requestedModel: null,
        conversationKey: null,
        detail: {},
      },
      {
        type: 'end',
        id: 1,
        status: 1,
        http_status: 200,
        duration_ms: 812,
        first_byte_ms: 211,
        response_bytes: 1600,
        input_uncached: 10,
        input_cache_read: null,
        input_cache_write_5m: null,
        input_cache_write_1h: null,
        input_audio: null,
        input_image: null,
        output_text: 5,
        output_reasoning: 0,
        output_audio: null,
        web_searches: null,
        usage_flags: 1,
        cost_nano: 1_000,
        cost_source: 2,
        errorCode: null,
        conversion: null,
        priceRowId: 'openai/gpt-test',
        priceRow: { id: 'openai/gpt-test' },
        detail: {
          servedModel: 'gpt-test-2025',
          responseId: 'chatcmpl-1',
          finishReason: 'stop',
          rawUsage: { prompt_tokens: 10, completion_tokens: 5 },
          attempts: [{ atMs: 0, durationMs: 800, status: 200, requestId: 'req_1', error: null }],
        },
      },
    ]);
  });

  it('writes the records of one turn of the event loop together, asked or not', async () => {
    const { dir, journal, written, writes } = startJournal();
    for (let id = 1; id <= 5; id++) journal.appendStart(makeStart(id));
    journal.appendEnd(makeEnd(1));
    expect(written()).toBe(0);
    await nextTurn();
    expect(written()).toBe(6);
    expect(writes()).toBe(1);
    expect(readAll(dir, journal).ids).toEqual([1, 2, 3, 4, 5, 1]);
  });

  it('has everything in the file at once when `flush` returns, and says so at the end of the turn', async () => {
    const { dir, journal } = startJournal();
    journal.appendStart(makeStart(1));
    const turn = journal.written();
    journal.flush();
    journal.appendEnd(makeEnd(1));
    expect(readAll(dir, journal).ids).toEqual([1]);
    await turn;
    expect(readAll(dir, journal).ids).toEqual([1, 1]);
  });

  it('D3: spells a price row out once a segment and names it afterwards', () => {
    const { dir, journal } = startJournal();
    const priceRow = { id: 'openai/gpt-5@2026', rates: { inputUncached: '1.25' } };
    for (const id of [1, 2]) appendNow(journal, makeEnd(id, { priceRow }));
    journal.rotate();
    appendNow(journal, makeEnd(3, { priceRow }));
    const ends = [1, 2].flatMap((segment) => [...decodeFrames(readFileSync(segmentPath(dir, segment))).records]);
    const priceRowId = priceRow.id;
    expect(ends).toMatchObject([
      { end: { texts: { priceRowId, priceRow } } },
      { end: { texts: { priceRowId, priceRow: null } } },
      { end: { texts: { priceRowId, priceRow } } },
    ]);
  });

  it('keeps a record bigger than its buffer, and any text', () => {
    const { dir, journal } = startJournal();
    const message = '北京😀\u0000"\\'.repeat(40_000);
    appendNow(journal, makeEnd(1, { usage: emptyUsage({ message }) }));
    appendNow(journal, makeEnd(2));
    const [first] = decodeFrames(readFileSync(segmentPath(dir, 1))).records;
    expect(describeAny(first)).toMatchObject({ id: 1, detail: { rawUsage: { message } } });
    expect(readAll(dir, journal).ids).toEqual([1, 2]);
  });

  it('records a usage object that JSON cannot say, without it', () => {
    const { dir, journal } = startJournal();
    const end = makeEnd(1);
    appendNow(journal, { ...end, usage: end.usage && { ...end.usage, raw: { total: 10n } } });
    const [first] = decodeFrames(readFileSync(segmentPath(dir, 1))).records;
    expect(describeAny(first)).toMatchObject({
      id: 1,
      input_uncached: 10,
      detail: { rawUsage: 'not recorded: not JSON', finishReason: 'stop' },
    });
  });

  it('begins a new segment at 8 MB and is read across segments', () => {
    const { dir, journal } = startJournal();
    const message = 'x'.repeat(100_000);
    const count = Math.ceil(SEGMENT_BYTES / 100_000) + 10;
    for (let id = 1; id <= count; id++) {
      appendNow(journal, makeEnd(id, { usage: emptyUsage({ message }) }));
    }
    expect(listSegments(dir)).toEqual([1, 2]);
    expect(readAll(dir, journal).ids).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });
});

describe('torn tail', () => {
  it('gives every whole record when the file is cut at any byte of the last one', () => {
    const { dir, journal } = startJournal();
    journal.appendStart(makeStart(1));
    appendNow(journal, makeEnd(1));
    const whole = journal.position.offset;
    appendNow(journal, makeEnd(2));
    const bytes = readFileSync(segmentPath(dir, 1));
    for (let length = whole; length < bytes.length; length++) {
      const cut = decodeFrames(bytes.subarray(0, length));
      expect(cut.consumed).toBe(whole);
      expect(cut.records).toHaveLength(2);
      expect(cut.rest).toBe(length === whole ? 'none' : 'cut');
    }
  });

  it('gives no record of which any byte was changed', () => {
    const buffer = Buffer.alloc(20_000);
    const length = writeFrame(buffer, 0, frameTypes.end, renderEnd(makeEnd(1), true));
    for (let at = 0; at < length; at++) {
      const damaged = Buffer.from(buffer.subarray(0, length));
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect([...decodeFrames(damaged).records]).toEqual([]);
    }
  });

  it('ends its segment, not the journal', () => {
    const { dir, journal } = startJournal();
    appendNow(journal, makeEnd(1));
    journal.rotate();
    appendNow(journal, makeEnd(2));
    appendFileSync(segmentPath(dir, 1), Buffer.from([9, 0, 0, 0, 1, 2]));
    expect(readAll(dir, journal)).toEqual({ ids: [1, 2], unreadableBytes: 6 });
  });

  it('is counted when the file is shorter than was noted', () => {
    const { dir, journal } = startJournal();
    appendNow(journal, makeEnd(1));
    appendNow(journal, makeEnd(2));
    truncateSync(segmentPath(dir, 1), journal.position.offset - 3);
    const { ids, unreadableBytes } = readAll(dir, journal);
    expect(ids).toEqual([1]);
    expect(unreadableBytes).toBeGreaterThan(0);
  });

  it('skips record types of a newer version', () => {
    const buffer = Buffer.alloc(1_000);
    const first = writeFrame(buffer, 0, 77 as never, { numbers: [1], texts: '{"new":true}', detail: '' });
    const second = writeFrame(buffer, first, frameTypes.start, renderStart(makeStart(5)));
    expect([...decodeFrames(buffer.subarray(0, second)).records].map(readId)).toEqual([5]);
  });
});

describe('failing disk', () => {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('H3: hands over what it could not write, keeps no half-written frame, and goes on by itself', () => {
    let room = Number.POSITIVE_INFINITY;
    const limitedWrite = ((fd: number, bytes: Buffer, offset: number, length: number) => {
      const fits = Math.min(length, room);
      if (fits <= 0) throw full();
      room -= fits;
      return writeSync(fd, bytes, offset, fits);
    }) as typeof writeSync;
    const { dir, journal, unwritten } = startJournal(undefined, limitedWrite);
    const id = makeIds();

    const ids = [id(), id(), id(), id()] as const;
    appendNow(journal, makeEnd(ids[0]));
    const { offset } = journal.position;
    room = 100;
    appendNow(journal, makeEnd(ids[1]));
    expect(journal.failure).toContain('ENOSPC');
    expect(journal.position.offset).toBe(offset);
    expect(readFileSync(segmentPath(dir, 1))).toHaveLength(offset);
    appendNow(journal, makeEnd(ids[2]));
    expect(unwritten.map(readId)).toEqual([ids[1], ids[2]]);

    room = Number.POSITIVE_INFINITY;
    appendNow(journal, makeEnd(ids[3]));
    expect(journal.failure).toBeNull();
    expect(readAll(dir, journal)).toEqual({ ids: [ids[0], ids[3]], unreadableBytes: 0 });
  });

  it('does not throw when its folder cannot be made', () => {
    const file = join(makeDataDir(), 'file');
    writeFileSync(file, '');
    const { journal, unwritten } = startJournal(join(file, 'journal'));
    journal.appendStart(makeStart(1));
    appendNow(journal, makeEnd(1));
    journal.close();
    expect(unwritten).toHaveLength(2);
    expect(journal.failure).toContain('ENOTDIR');
  });
});
