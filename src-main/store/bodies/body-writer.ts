import { BlockFiller } from '../block-filler.ts';
import { MAX_SHARED_BYTES, packBodyBlock } from '../blocks.ts';
import type { BodyKind } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { createRowInserter } from '../row-inserter.ts';
import type { ArrivedBody } from './body-unpacker.ts';
import { type LayoutPart, renderLayout, renderLayouts } from './layout.ts';
import { chainMessages } from './message-identity.ts';
import type { PieceStore } from './piece-store.ts';
import { type BodyPart, splitReply, splitRequest } from './split-body.ts';

/** Works inside the caller's transaction. */
interface BodyWriter {
  /**
   * Stores bodies of one call; one of a kind that was stored before replaces it.
   * @param identify whether the chain of the messages in its request is wanted
   * @returns that chain (see message-identity.ts); empty if it is not wanted or there is no request
   */
  add(callId: number, bodies: readonly ArrivedBody[], identify: boolean): number[];
  /** Writes the layouts and seals the pieces. */
  write(): void;
  forget(): void;
}

/** @param nextBlockId gives out block ids, shared with pieces and details */
export function createBodyWriter(db: Sqlite, pieces: PieceStore, nextBlockId: () => number): BodyWriter {
  const rows = createRowInserter(
    db,
    'bodies',
    ['call_id', 'layouts', 'prefix'],
    'ON CONFLICT DO UPDATE SET layouts = CAST(layouts || excluded.layouts AS BLOB), prefix = coalesce(excluded.prefix, prefix)',
  );

  const blocks = new BlockFiller(db, nextBlockId, packBodyBlock);

  function place(part: BodyPart): LayoutPart {
    if (part.type === 'literal') return part;
    // What is longer may be all base64, which only blocks of pieces are looked through for.
    if (part.type === 'once' && part.bytes.length <= MAX_SHARED_BYTES) return { type: 'range', place: blocks.add(part.bytes) };
    const id = pieces.put(part.bytes, part.type === 'once' ? null : part.hash);
    if (part.type === 'piece' && part.insertions.length > 0) return { type: 'patched', piece: id, insertions: part.insertions };
    return { type: 'run', first: id, count: 1, commas: false };
  }

  function add(callId: number, bodies: readonly ArrivedBody[], identify: boolean): number[] {
    const layouts: [BodyKind, Buffer][] = [];
    let messages: string[] = [];
    for (const { kind, bytes } of bodies) {
      const isRequest = kind === 'request' || kind === 'upstreamRequest';
      const split = isRequest ? splitRequest(bytes, identify && kind === 'request') : splitReply(bytes);
      if (split.messages.length > 0) messages = split.messages;
      layouts.push([kind, renderLayout(split.parts.map(place))]);
    }
    const chain = chainMessages(messages);
    rows.add([callId, renderLayouts(layouts), chain.at(-1) ?? null]);
    return chain;
  }

  return {
    add,
    write: () => {
      pieces.seal();
      blocks.write();
      rows.write();
    },
    forget: () => {
      pieces.forget();
      blocks.forget();
      rows.forget();
    },
  };
}
