import type { BlockRange } from '../block-filler.ts';
import { type BodyKind, bodyKinds, readBodyKind } from '../codes.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/**
 * A body as a sequence of parts. Stored as a sequence of operations, each a varint whose low two bits
 * are the operation and whose rest is a count. Piece ids are written as the signed distance from the id that would
 * follow the last one, so that a long history of pieces stored turn by turn costs two or three bytes a turn. A run of no
 * pieces is a range: block, offset and length follow.
 */
export type LayoutPart =
  | { type: 'literal'; bytes: Buffer }
  /** `count` pieces with consecutive ids; with `commas`, each is followed by one. */
  | { type: 'run'; first: number; count: number; commas: boolean }
  /** What came once, with the place it lies at. */
  | { type: 'range'; place: BlockRange }
  /** A piece with bytes inserted into it. */
  | { type: 'patched'; piece: number; insertions: Insertion[] };

export interface Insertion {
  /** Where in the piece; ascending. */
  offset: number;
  bytes: Buffer;
}

/** The insertion by far the most frequent, written as length 0: clients move this mark along the conversation. */
export const usualInsertion = Buffer.from(',"cache_control":{"type":"ephemeral"}');

const LITERAL = 0;
const RUN = 1;
const RUN_WITH_COMMAS = 2;
const PATCHED = 3;
const COMMA = 0x2c;

const writer = new ByteWriter();

/** Neighbouring parts are joined where that is shorter. Piece runs may be given as runs of one. */
export function renderLayout(parts: readonly LayoutPart[]): Buffer {
  let nextId = 0;
  for (const part of joinParts(parts)) {
    if (part.type === 'literal') {
      writer.writeVarint(part.bytes.length * 4 + LITERAL);
      writer.writeBytes(part.bytes);
    } else if (part.type === 'range') {
      writer.writeVarint(RUN);
      writer.writeVarint(part.place.block);
      writer.writeVarint(part.place.offset);
      writer.writeVarint(part.place.length);
    } else if (part.type === 'run') {
      writer.writeVarint(part.count * 4 + (part.commas ? RUN_WITH_COMMAS : RUN));
      writer.writeSigned(part.first - nextId);
      nextId = part.first + part.count;
    } else {
      writer.writeVarint(part.insertions.length * 4 + PATCHED);
      writer.writeSigned(part.piece - nextId);
      for (const insertion of part.insertions) writeInsertion(insertion);
      nextId = part.piece + 1;
    }
  }
  return writer.take();
}

/** @throws RangeError when the layout is cut short */
export function parseLayout(layout: Buffer): LayoutPart[] {
  const reader = new ByteReader(layout);
  const parts: LayoutPart[] = [];
  let nextId = 0;
  while (!reader.done) {
    const head = reader.readVarint();
    const count = Math.floor(head / 4);
    const operation = head % 4;
    if (operation === LITERAL) {
      parts.push({ type: 'literal', bytes: reader.readBytes(count) });
    } else if (operation === PATCHED) {
      const piece = nextId + reader.readSigned();
      parts.push({ type: 'patched', piece, insertions: Array.from({ length: count }, () => readInsertion(reader)) });
      nextId = piece + 1;
    } else if (count === 0) {
      const place = { block: reader.readVarint(), offset: reader.readVarint(), length: reader.readVarint() };
      parts.push({ type: 'range', place });
    } else {
      const first = nextId + reader.readSigned();
      parts.push({ type: 'run', first, count, commas: operation === RUN_WITH_COMMAS });
      nextId = first + count;
    }
  }
  return parts;
}

/** `bodies.layouts`: kind, length and layout of each. What is appended later replaces what was said of the same kind. */
export function renderLayouts(layouts: readonly (readonly [BodyKind, Buffer])[]): Buffer {
  for (const [kind, layout] of layouts) {
    writer.writeVarint(bodyKinds[kind]);
    writer.writeVarint(layout.length);
    writer.writeBytes(layout);
  }
  return writer.take();
}

/** Kinds of a newer version are left out. @throws RangeError when cut short */
export function parseLayouts(layouts: Buffer): Map<BodyKind, Buffer> {
  const reader = new ByteReader(layouts);
  const parsed = new Map<BodyKind, Buffer>();
  while (!reader.done) {
    const kind = readBodyKind(reader.readVarint());
    const layout = reader.readBytes(reader.readVarint());
    if (kind !== null) parsed.set(kind, layout);
  }
  return parsed;
}

/** `a` `,` `b` `,` `c` with consecutive ids becomes one run with commas and a run of one; literals in a row become one. */
function joinParts(parts: readonly LayoutPart[]): readonly LayoutPart[] {
  if (parts.length === 1) return parts;
  const joined: LayoutPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const before = joined.at(-2);
    if (part.type === 'literal' && part.bytes.length === 1 && part.bytes[0] === COMMA && last?.type === 'run' && !last.commas) {
      joined.pop();
      if (last.count > 1) joined.push({ ...last, count: last.count - 1 });
      const ended = { type: 'run', first: last.first + last.count - 1, count: 1, commas: true } as const;
      if (last.count === 1 && before?.type === 'run' && before.commas && before.first + before.count === ended.first) {
        joined[joined.length - 1] = { ...before, count: before.count + 1 };
      } else joined.push(ended);
    } else if (part.type === 'literal' && last?.type === 'literal') {
      joined[joined.length - 1] = { type: 'literal', bytes: Buffer.concat([last.bytes, part.bytes]) };
    } else if (part.type === 'run' && last?.type === 'run' && last.commas === part.commas && last.first + last.count === part.first) {
      joined[joined.length - 1] = { ...last, count: last.count + part.count };
    } else joined.push(part);
  }
  return joined;
}

function writeInsertion(insertion: Insertion): void {
  writer.writeVarint(insertion.offset);
  const usual = insertion.bytes.equals(usualInsertion);
  writer.writeVarint(usual ? 0 : insertion.bytes.length);
  if (!usual) writer.writeBytes(insertion.bytes);
}

function readInsertion(reader: ByteReader): Insertion {
  const offset = reader.readVarint();
  const length = reader.readVarint();
  return { offset, bytes: length === 0 ? usualInsertion : reader.readBytes(length) };
}
