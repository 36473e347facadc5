/** Random numbers that repeat: the seed comes from BAO_SEED, or from the clock, and is shown by the tests that fail. */
export function randomNumbers(): { seed: number; next: () => number } {
  const seed = Number(process.env.BAO_SEED ?? Date.now() % 2 ** 32) >>> 0;
  let state = seed;
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next };
}
