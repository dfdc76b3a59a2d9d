import { type Action, type CapacitySnapshot, type PolicyResult, serves } from '../contract.ts'
import { poolAction } from '../pool-action.ts'

/** A pool that is to rise or fall by some replicas. */
export type Move = { pool: CapacitySnapshot; by: number }

/** What refuses these actions; empty where nothing does. */
type Refused = (actions: Action[]) => PolicyResult[]

export type Staged = {
  actions: Action[]
  /** Per pool that was held back: what refused it last, or the order of rises before falls. */
  why: Map<string, PolicyResult | 'order'>
}

/**
 * Moves as stages: rises as far as they fit, then the falls that they make room for, and again until nothing moves. A move
 * is taken whole where it can be, a part of one only where nothing fits whole any more. A workload's falls wait for its
 * own rises, so that it never has less than before and after. `owner` is the workload whose proposal it is.
 */
export function composeStages(moves: readonly Move[], owner: string, refused: Refused): Staged {
  const stages = new Stages(moves, owner, refused)
  for (;;) {
    const rose = stages.add(1, true)
    const fell = stages.add(-1, true)
    if (rose || fell) continue
    const moved = stages.add(1, false) || stages.add(-1, false) || stages.giveUpRise()
    if (!moved) return stages.finish()
  }
}

class Stages {
  private readonly actions: Action[] = []
  private readonly why = new Map<string, PolicyResult | 'order'>()
  private readonly open: Set<Move>
  /** Least change of capacity that a workload may come to, by workload: 0, or what all of its moves lead to. */
  private readonly least: ReadonlyMap<string, number>
  private readonly units: ReadonlyMap<string, number>
  private readonly owner: string
  private readonly refused: Refused
  private stage = 0

  constructor(moves: readonly Move[], owner: string, refused: Refused) {
    this.open = new Set(moves)
    this.owner = owner
    this.refused = refused
    this.units = new Map(moves.map(({ pool }) => [pool.poolId, serves(pool) ? pool.capacityPerReplica : 0]))
    const changes = [...Map.groupBy(moves, ({ pool }) => workloadOf(pool))]
    this.least = new Map(
      changes.map(([id, own]) => [
        id,
        Math.min(
          0,
          own.reduce((sum, move) => sum + this.unitsOf(move, move.by), 0),
        ),
      ]),
    )
  }

  /** One stage of rises (1) or falls (−1): all that fit whole, or a part of the first that fits in part. */
  add(sign: 1 | -1, whole: boolean): boolean {
    const before = this.actions.length
    for (const move of this.ready(sign)) {
      const size = Math.abs(move.by)
      const most = this.fits(move, sign * size) ? size : whole ? 0 : this.largest(move, sign, size)
      if (most === 0) continue
      this.actions.push(this.actionOf(move, sign * most))
      this.open.delete(move)
      if (!whole) break
    }
    if (this.actions.length === before) return false
    this.stage++
    return true
  }

  /** Lets the first rise go that nothing makes room for. Returns whether there was one. */
  giveUpRise(): boolean {
    const [rise] = this.ready(1)
    return rise !== undefined && this.open.delete(rise)
  }

  finish(): Staged {
    const single = this.stage <= 1
    const actions = this.actions.map(({ stage, ...action }) => (single ? action : { ...action, stage }))
    return { actions, why: this.why }
  }

  /** Open moves of a sign; falls only of workloads that have no rise open. */
  private ready(sign: 1 | -1): Move[] {
    const open = [...this.open]
    const rising = open.filter(({ by }) => by > 0)
    if (sign > 0) return rising
    const waiting = new Set(rising.map(({ pool }) => workloadOf(pool)))
    return open.filter(({ pool, by }) => by < 0 && !waiting.has(workloadOf(pool)))
  }

  private largest(move: Move, sign: 1 | -1, size: number): number {
    let fits = 0
    let fails = size
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1
      if (this.fits(move, sign * middle)) fits = middle
      else fails = middle
    }
    return fits
  }

  private fits(move: Move, by: number): boolean {
    if (
      by < 0 &&
      this.changeOf(move) + this.unitsOf(move, by) < (this.least.get(workloadOf(move.pool)) ?? 0) - 1e-9
    ) {
      this.why.set(move.pool.poolId, 'order')
      return false
    }
    const [worst] = this.refused([...this.actions, this.actionOf(move, by)])
    if (worst !== undefined) this.why.set(move.pool.poolId, worst)
    return worst === undefined
  }

  /** What the actions so far change of the capacity of the move's workload. */
  private changeOf({ pool }: Move): number {
    const id = workloadOf(pool)
    return this.actions
      .filter(({ workloadId = this.owner }) => workloadId === id)
      .reduce((sum, { poolId, fromReplicas, toReplicas }) => {
        return sum + (this.units.get(poolId) ?? 0) * (toReplicas - fromReplicas)
      }, 0)
  }

  private unitsOf({ pool }: Move, by: number): number {
    return (this.units.get(pool.poolId) ?? 0) * by
  }

  private actionOf({ pool }: Move, by: number): Action {
    return { ...poolAction(pool, pool.desiredReplicas + by, this.owner), stage: this.stage }
  }
}

function workloadOf({ workloadId = '' }: CapacitySnapshot): string {
  return workloadId
}
