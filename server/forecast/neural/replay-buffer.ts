import { nextRandomState, randomOf } from '../../kernel/rng.ts'
import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import { ROW } from './net-shape.ts'
import type { Rows } from './training-rows.ts'

const ROWS_COLUMN = 'neural.replay'
const STATE_COLUMN = 'neural.replay.state'
const SEEN = 0
const RANDOM = 1
const FIELDS = 2

/** Rows that a workload keeps of its own past. */
export const REPLAY_ROWS = 64

/**
 * A uniform sample of all training rows seen so far, of bounded size (reservoir sampling, Vitter 1985, algorithm R). Its
 * random numbers are part of the state, so that the same history gives the same sample.
 */
export class ReplayBuffer {
  /** REPLAY_ROWS rows of ROW numbers, the first `size` in use. */
  readonly rows: Float32Array
  private readonly state: Float64Array

  constructor(slab: Slab, seed: number) {
    this.rows = slab.f32(ROWS_COLUMN, REPLAY_ROWS * ROW)
    this.state = slab.f64(STATE_COLUMN, FIELDS)
    this.state[RANDOM] = seed >>> 0
  }

  get size(): number {
    return Math.min(REPLAY_ROWS, at(this.state, SEEN))
  }

  /** Where the next row belongs, or −1 when it is not kept. Counts the row as seen. */
  place(): number {
    const seen = at(this.state, SEEN) + 1
    this.state[SEEN] = seen
    if (seen <= REPLAY_ROWS) return seen - 1
    const slot = Math.floor(this.random() * seen)
    return slot < REPLAY_ROWS ? slot : -1
  }

  put(slot: number, x: Float64Array, target: number): void {
    const first = slot * ROW
    for (let i = 0; i < ROW - 1; i++) this.rows[first + i] = at(x, i)
    this.rows[first + ROW - 1] = target
  }

  /** A kept row by chance; −1 while there is none. */
  pick(): number {
    return this.size === 0 ? -1 : Math.floor(this.random() * this.size)
  }

  private random(): number {
    const state = nextRandomState(at(this.state, RANDOM))
    this.state[RANDOM] = state
    return randomOf(state)
  }
}

/** The rows that a saved state keeps for replay. */
export function replayedRows(columns: Record<string, string>): Rows {
  const bytes = (name: string) => Buffer.from(columns[name] ?? '', 'base64')
  const [rows, state] = [bytes(ROWS_COLUMN), bytes(STATE_COLUMN)]
  const seen = state.length >= 8 ? state.readDoubleLE(SEEN * 8) : 0
  const count = Math.min(REPLAY_ROWS, seen, Math.floor(rows.length / 4 / ROW))
  return { values: Float32Array.from({ length: count * ROW }, (_, i) => rows.readFloatLE(i * 4)), count }
}
