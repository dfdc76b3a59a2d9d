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

/** The hash of a longer list of keys; without a list, because history asks for millions. */
function extend(hash: number, key: number): number {
  const whole = Math.floor(key)
  return mix(mix(Math.imul(hash, 31) ^ (whole | 0)) ^ (Math.floor(whole / 2 ** 32) | 0))
}

const rootOf = (seed: number) => mix(seed ^ 0x9e3779b9)

function hashOf(seed: number, keys: readonly number[]): number {
  return keys.reduce(extend, rootOf(seed))
}

/** Box and Muller 1958. */
function normalOf(hash: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - extend(hash, 1) / 2 ** 32))
  return radius * Math.cos(2 * Math.PI * (extend(hash, 2) / 2 ** 32))
}

/** Uniform in [0, 1), the same for the same seed and keys. Keys are whole numbers. */
export function uniformAt(seed: number, ...keys: number[]): number {
  return hashOf(seed, keys) / 2 ** 32
}

/** Standard normal, the same for the same seed and keys. */
export function normalAt(seed: number, ...keys: number[]): number {
  return normalOf(hashOf(seed, keys))
}

/** A seed for a named part of the world. */
export function seedOf(seed: number, name: string): number {
  return hashOf(
    seed,
    Array.from(name, (letter) => letter.charCodeAt(0)),
  )
}

const octaves = [
  { octave: 0, periodMs: 60_000, weight: 0.5 },
  { octave: 1, periodMs: 420_000, weight: 0.6 },
  { octave: 2, periodMs: 3_600_000, weight: 0.5 },
] as const

/** Smooth noise of about unit variance: interpolated lattice noise at three time scales (Perlin 1985, in one dimension). */
export function smoothNoiseAt(seed: number, atMs: number): number {
  const root = rootOf(seed)
  let sum = 0
  for (const { octave, periodMs, weight } of octaves) {
    const cell = Math.floor(atMs / periodMs)
    const share = atMs / periodMs - cell
    const blend = share * share * (3 - 2 * share)
    const lattice = extend(root, octave)
    const left = normalOf(extend(lattice, cell))
    const right = normalOf(extend(lattice, cell + 1))
    sum += weight * (left + (right - left) * blend)
  }
  return sum
}
