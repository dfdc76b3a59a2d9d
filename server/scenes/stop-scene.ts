import { append } from '../audit/index.ts'
import { withdraw } from '../governance/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { SceneRun } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { purposes } from '../plan/contract.ts'
import { type SceneInput, type SceneView, sceneInput } from './contract.ts'
import { knownScene, viewOf } from './list-scenes.ts'
import { newestRun } from './runs.ts'
import { clientOf, type SandboxServer } from './sandbox-server.ts'
import { workloadsOf } from './workloads.ts'

/**
 * Ends a scene's run: its workloads are over and leave the screens, what was decided stays in the log, and nothing more is
 * sent. Ended here first, so that it is over even if the simulated cloud does not answer; stop it again when it does.
 * @throws NotFoundError where it was never started, UnavailableError when the simulated cloud does not answer
 */
export async function stopScene(
  { ctx, input }: Verb<SceneInput>,
  sandbox: SandboxServer,
): Promise<SceneView> {
  authorise(ctx, 'scene.run')
  const { scene } = parseInput(sceneInput, input, 'scene')
  const client = clientOf(sandbox)
  const run = await newestRun(ctx.db, scene)
  if (!run) throw new NotFoundError('run of the scene', scene)
  const ids = (await workloadsOf(ctx.db, run)).map(({ id }) => id)
  if (run.state !== 'ended') {
    await transact(ctx, (tx) => announce(tx, { topic: 'target' }))
    for (const workloadId of ids) await endWorkload(ctx, workloadId, scene)
    await endRun(ctx, run, ids)
  }
  await client.stopScene(scene, run.run)
  return viewOf(ctx, await knownScene(client, scene))
}

/** One at a time: a turn of the flow holds its workload's lock, and two of them in one transaction could meet it crosswise. */
async function endWorkload(ctx: Context, workloadId: string, scene: string): Promise<void> {
  const system: Context = { ...ctx, actor: { kind: 'system', component: `scene ${scene}` } }
  await transact(ctx, async (tx) => {
    await tx.workload.updateMany({
      where: { id: workloadId, endedAt: null },
      data: { endedAt: ctx.clock.now() },
    })
    const reason = 'Its scene was stopped.'
    await withdraw({ ctx: system, tx, input: { workloadId, reason, purposes: [...purposes] } })
  })
}

async function endRun(ctx: Context, { id, scene, run }: SceneRun, workloadIds: string[]): Promise<void> {
  await transact(ctx, async (tx) => {
    const { count } = await tx.sceneRun.updateMany({
      where: { id, state: { not: 'ended' } },
      data: { state: 'ended', endedAt: ctx.clock.now(), note: null },
    })
    if (count === 0) return
    await announce(tx, { topic: 'telemetry' })
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'scene.stopped',
      subject: `scene/${scene}`,
      body: { scene, run, workloadIds },
    })
  })
}
