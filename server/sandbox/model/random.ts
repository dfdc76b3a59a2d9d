/**
 * Randomness by counter: a value is a hash of the seed and of what it belongs to, so that any moment can be asked
 * for in any order and a restart sees the same world. Finaliser of MurmurHash3 (Appleby, public domain).
 */
function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function hashOf(seed: number, keys: readonly number[]): number {
  let h = mix(seed ^ 0x9e3779b9)
  for (const key of keys) {
    const whole = Math.floor(key)
    h = mix(Math.imul(h, 31) ^ (whole | 0))
    h = mix(h ^ (Math.floor(whole / 2 ** 32) | 0))
  }
  return h
}

/** Uniform in [0, 1), the same for the same seed and keys. Keys are whole numbers. */
export function uniformAt(seed: number, ...keys: number[]): number {
  return hashOf(seed, keys) / 2 ** 32
}

/** Standard normal (Box and Muller 1958). */
export function normalAt(seed: number, ...keys: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(seed, ...keys, 1)))
  return radius * Math.cos(2 * Math.PI * uniformAt(seed, ...keys, 2))
}

/** A seed for a named part of the world. */
export function seedOf(seed: number, name: string): number {
  return hashOf(
    seed,
    Array.from(name, (letter) => letter.charCodeAt(0)),
  )
}

const octaves = [
  { periodMs: 60_000, weight: 0.5 },
  { periodMs: 420_000, weight: 0.6 },
  { periodMs: 3_600_000, weight: 0.5 },
] as const

/** Smooth noise of about unit variance: interpolated lattice noise at three time scales (Perlin 1985, in one dimension). */
export function smoothNoiseAt(seed: number, atMs: number): number {
  let sum = 0
  for (const [octave, { periodMs, weight }] of octaves.entries()) {
    const cell = Math.floor(atMs / periodMs)
    const share = atMs / periodMs - cell
    const blend = share * share * (3 - 2 * share)
    const left = normalAt(seed, octave, cell)
    const right = normalAt(seed, octave, cell + 1)
    sum += weight * (left + (right - left) * blend)
  }
  return sum
}
