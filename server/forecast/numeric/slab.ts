import { InvalidInputError } from '../../kernel/errors.ts'

type Column = Float64Array | Float32Array | Uint16Array | Uint8Array

/**
 * All the numeric state of an engine, as named typed arrays. Components allocate from it once, when they are
 * built, so that saving and restoring is one loop and no component has its own format.
 */
export class Slab {
  private readonly columns = new Map<string, Column>()

  f64(name: string, length: number, fill = 0): Float64Array {
    const column = new Float64Array(length).fill(fill)
    this.register(name, column)
    return column
  }

  f32(name: string, length: number, fill = 0): Float32Array {
    const column = new Float32Array(length).fill(fill)
    this.register(name, column)
    return column
  }

  u8(name: string, length: number): Uint8Array {
    const column = new Uint8Array(length)
    this.register(name, column)
    return column
  }

  u16(name: string, length: number): Uint16Array {
    const column = new Uint16Array(length)
    this.register(name, column)
    return column
  }

  /** Bytes of state held in memory. */
  get byteLength(): number {
    let total = 0
    for (const column of this.columns.values()) total += column.byteLength
    return total
  }

  toJSON(): Record<string, string> {
    const json: Record<string, string> = {}
    for (const [name, column] of this.columns) {
      json[name] = Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64')
    }
    return json
  }

  /** @throws InvalidInputError when a column is missing or has another length than this engine's. */
  restore(json: Record<string, string>): void {
    for (const [name, column] of this.columns) {
      const bytes = Buffer.from(json[name] ?? '', 'base64')
      if (bytes.byteLength !== column.byteLength) {
        throw new InvalidInputError(
          `Forecast state column "${name}" has ${bytes.byteLength} bytes, expected ${column.byteLength}`,
        )
      }
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength).set(bytes)
    }
  }

  private register(name: string, column: Column): void {
    if (this.columns.has(name)) throw new Error(`Column "${name}" is allocated twice`)
    this.columns.set(name, column)
  }
}
