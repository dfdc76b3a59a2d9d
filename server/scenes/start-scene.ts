import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { ConflictError, ServiceError } from '../kernel/errors.ts'
import type { SceneRun } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import type { SandboxClient } from '../sandbox/client.ts'
import { type SceneInput, type SceneView, sceneInput } from './contract.ts'
import { declareScene } from './declare-scene.ts'
import { knownScene, viewOf } from './list-scenes.ts'
import { newestRun } from './runs.ts'
import { clientOf, type SandboxServer } from './sandbox-server.ts'

/**
 * Plays a scene: the simulated cloud opens it, what it has is declared as a file would declare it, and it sends its past and
 * its present through the intake. Safe to repeat: one that runs stays as it is, one that was interrupted goes on.
 * @throws NotFoundError, UnavailableError when the simulated cloud does not answer, ConflictError when a name is taken
 */
export async function startScene(
  { ctx, input }: Verb<SceneInput>,
  sandbox: SandboxServer,
): Promise<SceneView> {
  authorise(ctx, 'scene.run')
  const { scene } = parseInput(sceneInput, input, 'scene')
  const client = clientOf(sandbox)
  await knownScene(client, scene)
  const run = await openRun(ctx, scene)
  try {
    await play(ctx, client, run)
  } catch (error) {
    const note = error instanceof ServiceError ? error.message : 'It could not be started; the log says why.'
    await ctx.db.sceneRun.updateMany({ where: { id: run.id, state: 'starting' }, data: { note } })
    throw error
  }
  return viewOf(ctx, await knownScene(client, scene))
}

/** The run that goes on, or a new one; that somebody asked for it is in the log before anything is made. */
async function openRun(ctx: Context, scene: string): Promise<SceneRun> {
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`scene/${scene}`}))`
    const newest = await newestRun(tx, scene)
    if (newest && newest.state !== 'ended') return newest
    const run = await tx.sceneRun.create({
      data: {
        id: ctx.ids.uuid(),
        scene,
        run: (newest?.run ?? 0) + 1,
        state: 'starting',
        startedAt: ctx.clock.now(),
      },
    })
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'scene.started',
      subject: `scene/${scene}`,
      body: { scene, run: run.run },
    })
    return run
  })
}

/** Each step may be repeated: targets have to answer before they are declared, and be declared before anything is sent. */
async function play(ctx: Context, client: SandboxClient, run: SceneRun): Promise<void> {
  await closeStale(client, run)
  const prepared = await client.prepare(run.scene, run.run)
  const workloads = prepared.workloads.map(({ workload }) => workload.name)
  await ctx.db.sceneRun.update({ where: { id: run.id }, data: { workloads } })
  const system: Context = { ...ctx, actor: { kind: 'system', component: `scene ${run.scene}` } }
  await declareScene(system, prepared, null)
  await client.run(run.scene, run.run)
  const { count } = await ctx.db.sceneRun.updateMany({
    where: { id: run.id, state: { in: ['starting', 'running'] } },
    data: { state: 'running', note: null },
  })
  if (count === 0) throw new ConflictError(`Run ${run.run} of "${run.scene}" was stopped while it started.`)
  await transact(ctx, (tx) => announce(tx, { topic: 'target' }))
}

/** A run that was ended while the simulated cloud did not answer is still played there. */
async function closeStale(client: SandboxClient, { scene, run }: SceneRun): Promise<void> {
  const playing = (await client.scenes()).find(({ name }) => name === scene)?.playing
  if (playing && playing.run !== run) await client.stopScene(scene, playing.run)
}
