import type { BodyKind } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { ArrivedBody } from './body-packets.ts';
import { type LayoutPart, renderLayout, renderLayouts } from './layout.ts';
import type { PieceStore } from './piece-store.ts';
import { splitReply, splitRequest } from './split-body.ts';

/**
 * Stores bodies of one call; one of a kind that was stored before replaces it.
 * @param identify whether the hashes of the messages in its request are wanted
 * @returns those hashes; none if they are not wanted or there is no request
 */
type BodyWriter = (callId: number, bodies: readonly ArrivedBody[], identify: boolean) => string[];

/** Works inside the caller's transaction; the pieces are in the file after `pieces.seal()`. */
export function createBodyWriter(db: Sqlite, pieces: PieceStore): BodyWriter {
  const insert = db.prepare(
    `INSERT INTO bodies (call_id, layouts) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET layouts = CAST(layouts || excluded.layouts AS BLOB)`,
  );

  return (callId, bodies, identify) => {
    const layouts = new Map<BodyKind, Buffer>();
    let messages: string[] = [];
    for (const { kind, bytes } of bodies) {
      const isRequest = kind === 'request' || kind === 'upstreamRequest';
      const split = isRequest ? splitRequest(bytes, identify && kind === 'request') : splitReply(bytes);
      if (split.messages.length > 0) messages = split.messages;
      const layout = split.parts.map((part): LayoutPart => {
        if (part.type === 'literal') return part;
        const id = pieces.put(part.bytes, part.identity);
        if (part.insertions.length > 0) return { type: 'patched', piece: id, insertions: part.insertions };
        return { type: 'run', first: id, count: 1, commas: false };
      });
      layouts.set(kind, renderLayout(layout));
    }
    insert.run(callId, renderLayouts(layouts));
    return messages;
  };
}
