import { createConnection, listConnections, listTargets, updateConnection } from '../dispatch/index.ts'
import type { Context } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { declareMissing } from '../runtime/declaration/index.ts'
import { poolsOf, type Scene } from '../sandbox/contract.ts'
import { listWorkloads } from '../telemetry/index.ts'
import { connectionName, sceneDeclaration } from './scene-declaration.ts'

/** Settings of the connection to the sandbox. */
export type SandboxAccess = { url: string; token: string }

/**
 * Declares what a scene has and is not known, so that what people changed since stays. Targets that are missing, and
 * the connection when `access` is given, must be answering.
 * @throws ConflictError when a workload of the same name is a real one.
 */
export async function declareScene(ctx: Context, scene: Scene, access: SandboxAccess | null): Promise<void> {
  const known = await listWorkloads({ ctx })
  for (const { workload } of scene.workloads) {
    if (known.some(({ name, sandbox }) => name === workload.name && !sandbox)) {
      throw new ConflictError(
        `The sandbox brings a workload "${workload.name}", and you have one of your own by that name. Start with INFRASAGE_SANDBOX=off.`,
      )
    }
  }
  if (access) await ensureConnection(ctx, access)
  await declareMissing(ctx, sceneDeclaration(scene), 'First bounds of the sandbox')
}

/** Whether every target of the scene is known already. */
export async function hasTargets(ctx: Context, scene: Scene): Promise<boolean> {
  const targets = await listTargets({ ctx })
  return scene.workloads
    .flatMap((entry) => poolsOf(entry))
    .every(({ target }) => targets.some(({ name }) => name === target.target))
}

async function ensureConnection(ctx: Context, config: SandboxAccess): Promise<void> {
  const known = (await listConnections({ ctx })).find(({ name }) => name === connectionName)
  if (known) await updateConnection({ ctx, input: { connectionId: known.id, config } })
  else await createConnection({ ctx, input: { name: connectionName, adapter: 'sandbox', config } })
}
