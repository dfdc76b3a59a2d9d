/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = nextRandomState(state)
    return randomOf(state)
  }
}

/** The state after `state`, for callers that keep it themselves. */
export function nextRandomState(state: number): number {
  return (state + 0x6d2b79f5) >>> 0
}

/** The uniform number in [0, 1) of a state. */
export function randomOf(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

/** A number in [0, 1) that is always the same for the same words, and unlike for others: FNV-1a, mixed. */
export function spreadOf(words: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193)
  return randomOf(nextRandomState(hash >>> 0))
}
