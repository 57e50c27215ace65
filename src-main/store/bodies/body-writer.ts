import type { BodyKind } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { createRowInserter } from '../row-inserter.ts';
import type { ArrivedBody } from './body-packets.ts';
import { type LayoutPart, renderLayout, renderLayouts } from './layout.ts';
import { chainMessages } from './message-identity.ts';
import type { PieceStore } from './piece-store.ts';
import { splitReply, splitRequest } from './split-body.ts';

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

export function createBodyWriter(db: Sqlite, pieces: PieceStore): BodyWriter {
  const rows = createRowInserter(
    db,
    'bodies',
    ['call_id', 'layouts', 'prefix'],
    'ON CONFLICT DO UPDATE SET layouts = CAST(layouts || excluded.layouts AS BLOB), prefix = coalesce(excluded.prefix, prefix)',
  );

  function add(callId: number, bodies: readonly ArrivedBody[], identify: boolean): number[] {
    const layouts = new Map<BodyKind, Buffer>();
    let messages: string[] = [];
    for (const { kind, bytes } of bodies) {
      const isRequest = kind === 'request' || kind === 'upstreamRequest';
      const split = isRequest ? splitRequest(bytes, identify && kind === 'request') : splitReply(bytes);
      if (split.messages.length > 0) messages = split.messages;
      const layout = split.parts.map((part): LayoutPart => {
        if (part.type === 'literal') return part;
        const id = pieces.put(part.bytes, part.hash);
        if (part.insertions.length > 0) return { type: 'patched', piece: id, insertions: part.insertions };
        return { type: 'run', first: id, count: 1, commas: false };
      });
      layouts.set(kind, renderLayout(layout));
    }
    const chain = chainMessages(messages);
    rows.add(callId, renderLayouts(layouts), chain.at(-1) ?? null);
    return chain;
  }

  return {
    add,
    write: () => {
      pieces.seal();
      rows.write();
    },
    forget: () => {
      pieces.forget();
      rows.forget();
    },
  };
}
