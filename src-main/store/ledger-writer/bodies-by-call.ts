import type { ArrivedBody } from '../bodies/body-unpacker.ts';

/** The bodies of a batch, to be taken call by call. They come in the order in which calls ended, or nearly. */
export class BodiesByCall {
  readonly #bodies: readonly ArrivedBody[];
  #next = 0;
  /** Those from `#next` on, from when the first was asked for out of order. */
  #others: Map<number, ArrivedBody[]> | null = null;

  constructor(bodies: readonly ArrivedBody[]) {
    this.#bodies = bodies;
  }

  /** Empty when there are none. */
  take(callId: number): readonly ArrivedBody[] {
    if (this.#others !== null) return takeFrom(this.#others, callId);
    const first = this.#next;
    while (this.#bodies[this.#next]?.callId === callId) this.#next++;
    return this.#next > first ? this.#bodies.slice(first, this.#next) : takeFrom(this.#readOthers(), callId);
  }

  /** What nobody has taken. */
  rest(): Iterable<[number, readonly ArrivedBody[]]> {
    return this.#readOthers();
  }

  #readOthers(): Map<number, ArrivedBody[]> {
    if (this.#others !== null) return this.#others;
    const others = new Map<number, ArrivedBody[]>();
    for (let at = this.#next; at < this.#bodies.length; at++) {
      const body = this.#bodies[at];
      if (body === undefined) break;
      const group = others.get(body.callId);
      if (group === undefined) others.set(body.callId, [body]);
      else group.push(body);
    }
    this.#others = others;
    return others;
  }
}

const none: readonly ArrivedBody[] = [];

function takeFrom(groups: Map<number, ArrivedBody[]>, callId: number): readonly ArrivedBody[] {
  const group = groups.get(callId);
  groups.delete(callId);
  return group ?? none;
}
