import {
  createConnection,
  createTarget,
  listConnections,
  listTargets,
  updateConnection,
} from '../../dispatch/index.ts'
import type { Context } from '../../kernel/context.ts'
import { createPool, listDomains } from '../../plan/index.ts'
import type { Scene, SceneWorkload } from '../../sandbox/contract.ts'
import { listWorkloads } from '../../telemetry/index.ts'

/** Settings of the connection to the sandbox. */
export type SandboxAccess = { url: string; token: string }

const connectionName = 'sandbox'

/** Connects the targets of a scene, which must be answering at `access`, and gives every workload its pool there. */
export async function applyTargets(ctx: Context, scene: Scene, access: SandboxAccess): Promise<void> {
  const connectionId = await ensureConnection(ctx, access)
  const [targets, domains, workloads] = await Promise.all([
    listTargets({ ctx }),
    listDomains({ ctx }),
    listWorkloads({ ctx }),
  ])
  const offeringOf = ({ domain, hardwareClass, market }: SceneWorkload['pool']) =>
    domains
      .find(({ name }) => name === domain)
      ?.offerings.find((one) => one.hardwareClass === hardwareClass && one.market === market)

  for (const { workload, pool } of scene.workloads) {
    const name = pool.target.target
    const there = targets.find((target) => target.name === name)
    if (there?.pool) continue
    const workloadId = workloads.find((one) => one.name === workload.name)?.id
    const offeringId = offeringOf(pool)?.id
    if (!workloadId || !offeringId) throw new Error(`${workload.name} was not declared before its target.`)
    const targetId =
      there?.id ?? (await createTarget({ ctx, input: { name, connectionId, ref: pool.target } })).id
    const { capacityPerReplica } = pool
    await createPool({ ctx, input: { workloadId, offeringId, targetId, capacityPerReplica } })
  }
}

/** Whether the connection and every target of the scene are known already. */
export async function hasTargets(ctx: Context, scene: Scene): Promise<boolean> {
  const targets = await listTargets({ ctx })
  return scene.workloads.every(({ pool }) =>
    targets.some((target) => target.name === pool.target.target && target.pool !== null),
  )
}

async function ensureConnection(ctx: Context, access: SandboxAccess): Promise<string> {
  const known = (await listConnections({ ctx })).find(({ name }) => name === connectionName)
  if (!known)
    return (
      await createConnection({ ctx, input: { name: connectionName, adapter: 'sandbox', config: access } })
    ).id
  await updateConnection({ ctx, input: { connectionId: known.id, config: access } })
  return known.id
}
