import { createTarget, createTargetPool } from '../../dispatch/index.ts'
import { publishRules, saveDraft, setPolicy } from '../../governance/index.ts'
import type { Context } from '../../kernel/context.ts'
import { ServiceError } from '../../kernel/errors.ts'
import { createDomain, createOffering, updateDomain, updateOffering, updatePool } from '../../plan/index.ts'
import { createMapping, createWorkload, updateMapping, updateWorkload } from '../../telemetry/index.ts'
import { type Current, type Ids, readCurrent } from './current.ts'
import { type Change, diffEntries } from './diff.ts'
import { entriesOf, nouns, offeringName, poolName } from './entries.ts'
import type { Declaration } from './schema.ts'

/**
 * Makes the changes one by one, each by its stage's verb and in that verb's own transaction. `reason` stands beside new
 * versions of policies.
 * @throws ServiceError of the first change that was refused; those before it are kept, and the rest is as it was
 */
export async function applyChanges(
  ctx: Context,
  changes: Change[],
  current: Current,
  reason: string,
): Promise<void> {
  const todo = changes.filter(({ kind }) => kind !== 'unchanged')
  const lastRule = todo.findLastIndex(({ entry }) => entry.section === 'rules')
  for (const [done, change] of todo.entries()) {
    try {
      if (change.entry.section !== 'rules') await applyChange(ctx, change, current, reason)
      // Rules are published together, so that a file makes one version of them.
      else if (done === lastRule) await applyRules(ctx, todo, current, reason)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const { section, name } = change.entry
      const kept =
        done === 0
          ? 'Nothing was changed.'
          : `${done} of ${todo.length} changes were made before and are kept; put this right and apply again.`
      throw new ServiceError(
        error.code,
        `${nouns[section]} "${name}": ${error.message} ${kept}`,
        error.details,
      )
    }
  }
}

/** Makes what a declaration names and does not exist yet; what exists stays as it is. */
export async function declareMissing(ctx: Context, declaration: Declaration, reason: string): Promise<void> {
  const current = await readCurrent(ctx)
  const { changes } = diffEntries(entriesOf(declaration), current.entries)
  const missing = changes.filter(({ kind }) => kind === 'created')
  await applyChanges(ctx, missing, current, reason)
}

async function applyChange(
  ctx: Context,
  { kind, entry }: Change,
  { ids, connections, policyVersions }: Current,
  reason: string,
): Promise<void> {
  const created = kind === 'created'
  switch (entry.section) {
    case 'targets': {
      const { connection, name, ref } = entry.values
      const connectionId = known(connections, connection).id
      ids.targets.set(name, (await createTarget({ ctx, input: { name, connectionId, ref } })).id)
      return
    }
    case 'domains': {
      const { name, sandbox: _, ...change } = entry.values
      if (!created) {
        await updateDomain({ ctx, input: { id: known(ids.domains, name), ...change } })
        return
      }
      ids.domains.set(name, (await createDomain({ ctx, input: entry.values })).id)
      return
    }
    case 'offerings': {
      const { domain, ...offering } = entry.values
      if (!created) {
        const { hardwareClass: _, market: __, ...change } = offering
        await updateOffering({ ctx, input: { id: known(ids.offerings, entry.name), ...change } })
        return
      }
      const input = { ...offering, domainId: known(ids.domains, domain) }
      ids.offerings.set(entry.name, (await createOffering({ ctx, input })).id)
      return
    }
    case 'workloads': {
      const { name, stepSeconds: _, sandbox: __, ...change } = entry.values
      if (!created) {
        await updateWorkload({ ctx, input: { id: known(ids.workloads, name), ...change } })
        return
      }
      ids.workloads.set(name, (await createWorkload({ ctx, input: entry.values })).id)
      return
    }
    case 'mappings': {
      const { metric: _, priority: __, ...change } = entry.values
      if (created) await createMapping({ ctx, input: entry.values })
      else await updateMapping({ ctx, input: { id: known(ids.mappings, entry.name), ...change } })
      return
    }
    case 'policies': {
      const { workload, ...values } = entry.values
      const basedOnVersion = policyVersions.get(workload) ?? 0
      const workloadId = known(ids.workloads, workload)
      await setPolicy({ ctx, input: { workloadId, values, basedOnVersion, reason } })
      return
    }
    case 'pools':
      await applyPool(ctx, created, entry.values, ids)
      return
    case 'rules':
      throw new Error('Rules are applied together.')
  }
}

async function applyPool(
  ctx: Context,
  created: boolean,
  pool: Declaration['pools'][number],
  ids: Ids,
): Promise<void> {
  const { workload, target, control, priority, capacityPerReplica, serving, governs, replicasPerNode } = pool
  const governor = {
    ...(governs === undefined
      ? {}
      : { governsPoolId: governs && known(ids.pools, poolName({ workload, target: governs })) }),
    ...(replicasPerNode === undefined ? {} : { replicasPerNode }),
  }
  const offeringId = known(ids.offerings, offeringName(pool))
  if (!created) {
    const id = known(ids.pools, poolName(pool))
    await updatePool({
      ctx,
      input: { id, offeringId, priority, capacityPerReplica, serving, ...governor },
    })
    return
  }
  const workloadId = known(ids.workloads, workload)
  const targetId = known(ids.targets, target)
  const { id } = await createTargetPool({
    ctx,
    input: {
      ...{ workloadId, offeringId, targetId, control, priority, capacityPerReplica, serving },
      ...governor,
    },
  })
  ids.pools.set(poolName(pool), id)
}

async function applyRules(
  ctx: Context,
  todo: Change[],
  { ruleSet: { version, draftNumber, rules } }: Current,
  reason: string,
): Promise<void> {
  const declared = new Map(
    todo.flatMap(({ entry }) => (entry.section === 'rules' ? [[entry.name, entry.values] as const] : [])),
  )
  const names = new Set(rules.map(({ name }) => name))
  const fresh = [...declared.values()].filter(({ name }) => !names.has(name))
  const merged = [...rules.map((rule) => declared.get(rule.name) ?? rule), ...fresh]
  const draft = await saveDraft({ ctx, input: { rules: merged, basedOnDraft: draftNumber } })
  await publishRules({ ctx, input: { ...draft, basedOnVersion: version, reason } })
}

/** References were checked before anything changed, so a name that leads nowhere is a fault of ours. */
function known<T>(map: Map<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new Error(`"${name}" was not declared before what needs it.`)
  return found
}
