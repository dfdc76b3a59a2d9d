import { authorise, type Context } from '../kernel/context.ts'
import { NotFoundError, ServiceError } from '../kernel/errors.ts'
import type { SandboxClient } from '../sandbox/client.ts'
import type { SceneList } from '../sandbox/contract.ts'
import type { SceneListing, SceneView } from './contract.ts'
import { newestRun } from './runs.ts'
import { clientOf, type SandboxServer } from './sandbox-server.ts'
import { workloadsOf } from './workloads.ts'

/** Every scene with how its newest run stands. Says why there is none instead of failing, where none can be played. */
export async function listScenes({ ctx }: { ctx: Context }, sandbox: SandboxServer): Promise<SceneListing> {
  authorise(ctx, 'scene.run')
  let known: SceneList
  try {
    known = await clientOf(sandbox).scenes()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { available: false, why: error.message, scenes: [] }
  }
  const scenes = await Promise.all(known.map((scene) => viewOf(ctx, scene)))
  return { available: true, scenes }
}

/** @throws NotFoundError naming what there is */
export async function knownScene(client: SandboxClient, name: string): Promise<SceneList[number]> {
  const scenes = await client.scenes()
  const found = scenes.find((scene) => scene.name === name)
  if (found) return found
  throw new NotFoundError(`scene (there are ${scenes.map((scene) => scene.name).join(', ')})`, name)
}

export async function viewOf(ctx: Context, { playing: _, ...story }: SceneList[number]): Promise<SceneView> {
  const run = await newestRun(ctx.db, story.name)
  if (!run) {
    const none = { run: 0, note: null, startedAt: null, endedAt: null, workloads: [], proposed: false }
    return { ...story, ...none, state: 'not-started' }
  }
  const workloads = run.state === 'ended' ? [] : await workloadsOf(ctx.db, run)
  const first = await ctx.db.proposal.findFirst({
    where: { workloadId: { in: workloads.map(({ id }) => id) } },
    select: { id: true },
  })
  return {
    ...story,
    state: run.state,
    run: run.run,
    note: run.note,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    workloads,
    proposed: first !== null,
  }
}
