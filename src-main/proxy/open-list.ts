/**
 * Things that come and go by the thousand, few at a time: open calls. Not a Set, because V8 rebuilds a Set's table every few
 * removals and each outgrown table holds on to its successor: what a long-lived Set has once held outlives several
 * collections, and that was a fifth of what a call costs.
 */
export class OpenList<T> implements Iterable<T> {
  readonly #items: T[] = [];

  add(item: T): void {
    this.#items.push(item);
  }

  /** Nothing happens when it is not there. */
  delete(item: T): void {
    const place = this.#items.indexOf(item);
    if (place < 0) return;
    const last = this.#items.pop();
    if (last !== undefined && place < this.#items.length) this.#items[place] = last;
  }

  /** Over those that are in it now, in no order; they may be taken out meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }
}
