import { approve } from '../../governance/index.ts'
import { createScene, type Scene, seenOf } from '../../governance/testing/scene.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { sealConfig } from '../connection-config.ts'
import type { DispatchView } from '../contract.ts'
import { type RunResult, runDispatch } from '../executor.ts'
import { getDispatch } from '../get-dispatch.ts'
import { type DispatchSettings, defaultSettings } from '../settings.ts'
import { type SandboxStandIn, standInToken } from './sandbox-stand-in.ts'

/** Connects a scene's targets to the stand-in, with a person who approves and what a test asks of the dispatch. */
export async function inStandIn(db: Db, standIn: SandboxStandIn, scene: Scene) {
  const { connectionId } = await db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
  await db.connection.update({
    where: { id: connectionId },
    data: { encryptedConfig: sealConfig(connectionId, { url: standIn.url, token: standInToken }) },
  })
  const audited = async (decisionId: string): Promise<string[]> => {
    const entries = await db.auditEntry.findMany({
      where: { subject: `decision/${decisionId}` },
      orderBy: { seq: 'asc' },
    })
    return entries.map(({ action }) => action)
  }
  return {
    operator: await scene.person('operator'),
    dispatching: {
      audited,
      run: (
        decisionId: string,
        settings: Partial<DispatchSettings> = {},
        ctx: Context = scene.system,
      ): Promise<RunResult> =>
        runDispatch({ ctx, input: { decisionId } }, { ...defaultSettings, ...settings }),
      dispatch: async (decisionId: string): Promise<DispatchView> => {
        const view = await getDispatch({ ctx: scene.system, input: { decisionId } })
        if (view === null) throw new Error(`Decision ${decisionId} has no dispatch.`)
        return view
      },
      /** Lets the time pass after which a later job would come. */
      later: (seconds = 61) => scene.clock.advance(seconds * 1_000),
    },
  }
}

/**
 * A workload of its own whose target stands in `standIn`, at six replicas and version 7, with everything up to a
 * person's approval made by the real verbs.
 */
export async function createDispatchScene(db: Db, standIn: SandboxStandIn, start?: Date) {
  const scene = await createScene(db, start)
  const target = standIn.add(scene.name, 6)
  target.version = 7
  const { operator, dispatching } = await inStandIn(db, standIn, scene)
  return {
    ...scene,
    ...dispatching,
    target,
    operator,
    /** A decision that approves a set-point. */
    approve: async (toReplicas = 10): Promise<string> => {
      const proposal = await scene.propose(toReplicas)
      const decision = await approve({ ctx: operator, input: seenOf(proposal) })
      scene.afterHold()
      return decision.id
    },
  }
}

export type DispatchScene = Awaited<ReturnType<typeof createDispatchScene>>
