import type { Engine } from '../engine.ts'
import type { ModelKey } from './checkpoint.ts'

/** Bytes that an engine takes beside its numeric state. */
const overheadBytes = 48 * 1024

type Entry = { engine: Engine; stateHash: string; bytes: number }

const keyOf = ({ workloadId, signal }: ModelKey) => `${workloadId} ${signal}`

/**
 * Live engines of this process, the least recently used one going first. An engine is taken out before it learns and
 * put back after the commit, so that what is in here never knows more than the database. Whether another process went
 * on meanwhile shows in the state's hash.
 */
export class EngineCache {
  private readonly entries = new Map<string, Entry>()
  private readonly maxBytes: number
  private heldBytes = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.heldBytes
  }

  /** Hands out the engine if it is in exactly this state; it is no longer in here then, or if it was in another. */
  take(key: ModelKey, stateHash: string): Engine | null {
    const entry = this.remove(keyOf(key))
    return entry?.stateHash === stateHash ? entry.engine : null
  }

  put(key: ModelKey, engine: Engine, stateHash: string): void {
    const name = keyOf(key)
    this.remove(name)
    const bytes = engine.stateBytes + overheadBytes
    this.entries.set(name, { engine, stateHash, bytes })
    this.heldBytes += bytes
    for (const oldest of this.entries.keys()) {
      if (this.heldBytes <= this.maxBytes) return
      this.remove(oldest)
    }
  }

  private remove(name: string): Entry | undefined {
    const entry = this.entries.get(name)
    if (entry !== undefined) {
      this.entries.delete(name)
      this.heldBytes -= entry.bytes
    }
    return entry
  }
}
