// Chances that a seed repeats.
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 to just below 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to limit - 1. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** Picks among [weight, value] pairs. */
  weighted(pairs) {
    let at = this.next() * pairs.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of pairs) {
      at -= weight;
      if (at < 0) return value;
    }
    return pairs[pairs.length - 1][1];
  }

  /** `count` different elements at most, in a random order. */
  some(list, count) {
    const left = [...list];
    const out = [];
    while (left.length > 0 && out.length < count) out.push(left.splice(this.below(left.length), 1)[0]);
    return out;
  }
}
