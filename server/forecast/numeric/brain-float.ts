const value = new Float32Array(1)
const bits = new Uint32Array(value.buffer)

/** The upper half of a single-precision number (bfloat16), rounded: eight bits of precision, NaN and zero exact. */
export function toBrainFloat(x: number): number {
  value[0] = x
  return (((bits[0] ?? 0) + 0x8000) >>> 16) & 0xffff
}

export function fromBrainFloat(half: number): number {
  bits[0] = half << 16
  return value[0] ?? Number.NaN
}
