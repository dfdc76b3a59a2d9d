/**
 * Where to keep what was said of an origin until its target has come: one short ring per grid lead, which holds every
 * so-manieth origin. Rings of all leads lie behind one another.
 */
export class OriginRing {
  /** Entries of all leads together. */
  readonly size: number
  private readonly strides: Int32Array
  private readonly phases: Int32Array
  private readonly slots: Int32Array
  private readonly firsts: Int32Array

  /** Of lead g, origins o with (o + phases[g]) divisible by strides[g] are kept. */
  constructor(grid: readonly number[], strides: readonly number[], phases: readonly number[]) {
    this.strides = Int32Array.from(strides)
    this.phases = Int32Array.from(phases)
    this.slots = Int32Array.from(grid, (lead, g) => Math.floor(lead / (strides[g] ?? 1)) + 1)
    this.firsts = new Int32Array(grid.length)
    let size = 0
    for (const [g, slots] of this.slots.entries()) {
      this.firsts[g] = size
      size += slots
    }
    this.size = size
  }

  /** The entry of lead `g` from `origin`; −1 where that origin is not kept. */
  entry(g: number, origin: number): number {
    const stride = this.strides[g] ?? 1
    const turn = origin + (this.phases[g] ?? 0)
    if (origin < 0 || turn % stride !== 0) return -1
    return (this.firsts[g] ?? 0) + ((turn / stride) % (this.slots[g] ?? 1))
  }
}
