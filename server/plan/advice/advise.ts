import type { Advice, BatchingServing } from '../contract.ts'
import { adviseBatching } from './batching.ts'
import { adviseCaching } from './caching.ts'
import { adviseRightSizing } from './right-sizing.ts'
import { adviseServerless } from './serverless.ts'
import type { AdviceSource } from './source.ts'
import { adviseSpot } from './spot.ts'

const order = { change: 0, unknown: 1, keep: 2 } as const

/**
 * Advice of every kind that applies, what is worth doing first, then by what it would save at the least. Pure. `serving`: how the
 * pool's replicas batch, at the pace that was fitted; null where they do not.
 */
export function advise(source: AdviceSource, serving: BatchingServing | null): Advice[] {
  const { pool } = source
  if (pool === null) return []
  const known = { ...source, pool }
  const found = [
    adviseServerless(known),
    adviseCaching(known),
    adviseBatching(known, serving),
    adviseRightSizing(known),
    adviseSpot(known),
  ]
  const least = ({ savingPerMonthUsd }: Advice) => savingPerMonthUsd?.low ?? Number.NEGATIVE_INFINITY
  return found
    .filter((advice) => advice !== null)
    .toSorted((a, b) => order[a.verdict] - order[b.verdict] || compare(least(b), least(a)))
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
