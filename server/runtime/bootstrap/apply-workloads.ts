import { listPolicies, setPolicy } from '../../governance/index.ts'
import type { Context } from '../../kernel/context.ts'
import { ConflictError } from '../../kernel/errors.ts'
import type { Scene } from '../../sandbox/contract.ts'
import { metricName } from '../../sandbox/index.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import { createMapping, createWorkload, listMappings, listWorkloads } from '../../telemetry/index.ts'

/** Behind mappings that people make, which usually have a lower number. */
const mappingPriority = 1_000

/**
 * Declares the workloads of a scene, their first policies, and the mappings of what the sandbox sends, as far as they
 * are not known.
 * @throws ConflictError when a workload of the same name is a real one.
 */
export async function applyWorkloads(ctx: Context, scene: Scene): Promise<void> {
  const known = await listWorkloads({ ctx })
  for (const { workload } of scene.workloads) {
    const there = known.find(({ name }) => name === workload.name)
    if (there && !there.sandbox) {
      throw new ConflictError(
        `The sandbox brings a workload "${workload.name}", and you have one of your own by that name. Start with INFRASAGE_SANDBOX=off.`,
      )
    }
    if (!there) await createWorkload({ ctx, input: { ...workload, sandbox: true } })
  }
  await applyPolicies(ctx, scene)
  await applyMappings(ctx, scene)
}

async function applyPolicies(ctx: Context, scene: Scene): Promise<void> {
  const rows = await listPolicies({ ctx })
  for (const { workload, policy } of scene.workloads) {
    const row = rows.find((one) => one.workload.name === workload.name)
    if (!row || row.policy) continue
    const reason = 'First bounds of the sandbox'
    await setPolicy({
      ctx,
      input: { workloadId: row.workload.id, values: policy, basedOnVersion: 0, reason },
    })
  }
}

async function applyMappings(ctx: Context, scene: Scene): Promise<void> {
  const known = new Set((await listMappings({ ctx })).map(({ metric }) => metric))
  const signals = new Set<SignalName>()
  for (const { workload, signals: others } of scene.workloads) {
    for (const signal of [workload.demandSignal, ...others]) signals.add(signal)
  }
  for (const signal of signals) {
    const metric = metricName(signal)
    if (known.has(metric)) continue
    await createMapping({
      ctx,
      input: {
        priority: mappingPriority,
        metric,
        signal,
        kind: 'gauge',
        workloadLabel: 'workload',
        workloadName: null,
        matchLabels: {},
        scale: 1,
      },
    })
  }
}
