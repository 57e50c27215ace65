let last: DataView = new DataView(new ArrayBuffer(0));

/**
 * A view of all of the memory that a buffer lies in: offsets are the buffer's own plus its `byteOffset`. V8 turns a view's reads
 * and writes into single instructions; Node's own methods for it go byte by byte.
 */
export function viewOf({ buffer }: Buffer): DataView {
  if (last.buffer !== buffer) last = new DataView(buffer);
  return last;
}
