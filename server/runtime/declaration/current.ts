import { listConnections, listTargets } from '../../dispatch/index.ts'
import { listPolicies, listRules } from '../../governance/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Rule } from '../../plan/contract.ts'
import { listDomains } from '../../plan/index.ts'
import { listMappings, listWorkloads } from '../../telemetry/index.ts'
import { type Entry, entriesOf, mappingName, offeringName, poolName } from './entries.ts'
import type { Declaration } from './schema.ts'

/** What exists, in the terms of a file, and what the file has no word for. */
export type Current = {
  declaration: Declaration
  entries: Entry[]
  connections: Map<string, { id: string; adapter: 'sandbox' | 'kubernetes' }>
  /** Version of the policy in force, by workload. */
  policyVersions: Map<string, number>
  /** The published rules as a whole, and the number of the newest draft. */
  ruleSet: { version: number; draftNumber: number; rules: Rule[] }
  ids: Ids
}

/** Ids by name; what is made while a file is applied is added. */
export type Ids = Record<
  'targets' | 'domains' | 'offerings' | 'workloads' | 'mappings' | 'pools',
  Map<string, string>
>

const byKey =
  <T>(key: (it: T) => string) =>
  (a: T, b: T) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0

/** Reads all that a file could declare, every section in an order that depends on names alone. */
export async function readCurrent(ctx: Context): Promise<Current> {
  // One after the other: within a transaction there is one connection, which takes one query at a time.
  const connections = await listConnections({ ctx })
  const targets = await listTargets({ ctx })
  const domains = await listDomains({ ctx })
  const workloads = await listWorkloads({ ctx })
  const mappings = await listMappings({ ctx })
  const policies = await listPolicies({ ctx })
  const rules = await listRules({ ctx })
  const pools = targets.flatMap(({ name, pool }) => (pool ? [{ ...pool, target: name }] : []))
  const inForce = policies.flatMap(({ workload, policy }) =>
    policy ? [{ workload: workload.name, policy }] : [],
  )
  const declaration: Declaration = {
    targets: targets
      .map(({ name, connection, ref }) => ({ name, connection: connection.name, ref }))
      .sort(byKey(({ name }) => name)),
    domains: domains
      .map(({ id: _, offerings, ...domain }) => ({
        ...domain,
        offerings: offerings
          .map(({ id: __, domainId: ___, ...offering }) => offering)
          .sort(byKey(({ hardwareClass, market }) => `${hardwareClass}\n${market}`)),
      }))
      .sort(byKey(({ name }) => name)),
    workloads: workloads
      .map(({ id: _, createdAt: __, ...workload }) => workload)
      .sort(byKey(({ name }) => name)),
    mappings: mappings
      .map(({ id: _, ...mapping }) => mapping)
      .sort((a, b) => a.priority - b.priority || byKey<typeof a>(({ metric }) => metric)(a, b)),
    policies: inForce
      .map(({ workload, policy: { version: _, reason: __, author: ___, createdAt: ____, ...values } }) => ({
        workload,
        ...values,
      }))
      .sort(byKey(({ workload }) => workload)),
    pools: pools
      .map(
        ({
          workload,
          domain,
          offering,
          target,
          control,
          priority,
          capacityPerReplica,
          serving,
          ...pool
        }) => ({
          workload: workload.name,
          domain: domain.name,
          hardwareClass: offering.hardwareClass,
          market: offering.market,
          target,
          control,
          priority,
          capacityPerReplica,
          serving,
          governs: pools.find(({ id }) => id === pool.governsPoolId)?.target ?? null,
          replicasPerNode: pool.replicasPerNode,
        }),
      )
      .sort(byKey(({ workload, target }) => `${workload}\n${target}`)),
    rules: rules.rules.toSorted(byKey(({ name }) => name)),
  }
  return {
    declaration,
    entries: entriesOf(declaration),
    connections: new Map(connections.map(({ name, id, adapter }) => [name, { id, adapter }])),
    ruleSet: rules,
    policyVersions: new Map(inForce.map(({ workload, policy }) => [workload, policy.version])),
    ids: {
      targets: new Map(targets.map(({ name, id }) => [name, id])),
      domains: new Map(domains.map(({ name, id }) => [name, id])),
      offerings: new Map(
        domains.flatMap(({ name: domain, offerings }) =>
          offerings.map((one) => [offeringName({ ...one, domain }), one.id] as const),
        ),
      ),
      workloads: new Map(workloads.map(({ name, id }) => [name, id])),
      mappings: new Map(mappings.map((one) => [mappingName(one), one.id])),
      pools: new Map(
        pools.map(({ workload, target, id }) => [poolName({ workload: workload.name, target }), id]),
      ),
    },
  }
}
