import { approve } from '../../governance/index.ts'
import { createSagaScene, type Part } from '../../governance/testing/saga-scene.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import type { Db } from '../../kernel/db.ts'
import type { SandboxStandIn } from './sandbox-stand-in.ts'
import { inStandIn } from './scene.ts'

/** The saga scene whose three targets stand in `standIn`, with everything up to a person's approval made by the real verbs. */
export async function createSagaDispatchScene(db: Db, standIn: SandboxStandIn) {
  const scene = await createSagaScene(db)
  const { dispatching, operator } = await inStandIn(db, standIn, scene)
  const place = (pool: Part['pool'], level: number, version: number) => {
    const target = standIn.add(scene.pools[pool].target.name, level)
    target.version = version
    return target
  }
  const targets = { cloud: place('cloud', 6, 7), owned: place('owned', 4, 3), job: place('job', 1, 1) }
  return {
    ...scene,
    ...dispatching,
    operator,
    targets,
    /** A decision that approves a saga. */
    approveSaga: async (...asked: Parameters<typeof scene.proposeSaga>): Promise<string> => {
      const proposal = await scene.proposeSaga(...asked)
      const { id } = await approve({ ctx: operator, input: seenOf(proposal) })
      scene.afterHold()
      return id
    },
    /** Demand is measured up to now, so that the last step of a minute is closed. */
    measureNow: () => {
      const updatedAt = scene.clock.now()
      const minute = Math.floor(updatedAt.getTime() / 60_000)
      return db.rollup.createMany({
        data: [minute - 1, minute].map((at) => ({
          ...{ workloadId: scene.workloadId, signal: 'requests_per_second', value: 50, samples: 1 },
          ...{ at: new Date(at * 60_000), updatedAt },
        })),
      })
    },
    /** Lets what is asked for become ready, as the targets' own controllers would. */
    settle: (...pools: Part['pool'][]) => {
      for (const pool of pools) targets[pool].readyReplicas = targets[pool].desiredReplicas
    },
  }
}

export type SagaDispatchScene = Awaited<ReturnType<typeof createSagaDispatchScene>>
