import type { Declaration } from '../runtime/declaration/index.ts'
import { metricName, poolsOf, type Scene } from '../sandbox/contract.ts'
import type { SignalName } from '../telemetry/contract.ts'

/** Name of the connection to the sandbox. */
export const connectionName = 'sandbox'

/** Behind mappings that people make, which usually have a lower number. */
const mappingPriority = 1_000

/** A scene as a file would declare it: one door for what is real and what is simulated. */
export function sceneDeclaration({ domains, workloads }: Scene): Declaration {
  const signals = new Set<SignalName>()
  for (const { workload, signals: others } of workloads) {
    for (const signal of [workload.demandSignal, ...others]) signals.add(signal)
  }
  return {
    targets: workloads.flatMap((entry) =>
      poolsOf(entry).map(({ target: ref }) => ({ name: ref.target, connection: connectionName, ref })),
    ),
    domains: domains.map((domain) => ({ ...domain, sandbox: true })),
    workloads: workloads.map(({ workload }) => ({ ...workload, sandbox: true })),
    mappings: [...signals].map((signal) => ({
      priority: mappingPriority,
      metric: metricName(signal),
      signal,
      kind: 'gauge',
      workloadLabel: 'workload',
      workloadName: null,
      matchLabels: {},
      scale: 1,
    })),
    policies: workloads.map(({ workload, policy }) => ({ workload: workload.name, ...policy })),
    rules: [],
    pools: workloads.flatMap((entry) =>
      poolsOf(entry).map(
        (
          { target, domain, hardwareClass, market, control, capacityPerReplica, serving, governs, perUnit },
          priority,
        ) => ({
          workload: entry.workload.name,
          ...{ domain, hardwareClass, market, control, priority, capacityPerReplica, serving },
          target: target.target,
          governs,
          replicasPerNode: control === 'nodes' ? perUnit : null,
        }),
      ),
    ),
  }
}
