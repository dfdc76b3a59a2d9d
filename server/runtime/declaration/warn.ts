import type { Entry, EntryOf, Section } from './entries.ts'
import { offeringName } from './entries.ts'
import type { Problem } from './places.ts'

/**
 * What a file may say and will not work as somebody would hope: bounds that forbid the pool's own place, and workloads
 * for which nothing can be proposed yet. Judged with what exists beside the file.
 */
export function warnings(wanted: Entry[], existing: Entry[]): Problem[] {
  const find = <S extends Section>(section: S, name: string) =>
    pick(wanted, section, name) ?? pick(existing, section, name)
  return wanted.flatMap((entry): Problem[] => {
    if (entry.section === 'workloads') return unfinished(entry, [...wanted, ...existing])
    if (entry.section === 'mappings') {
      const { workloadName } = entry.values
      if (workloadName === null || find('workloads', workloadName)) return []
      const message = `there is no workload "${workloadName}"; what it claims is dropped until there is one`
      return [{ path: [...entry.path, 'workloadName'], message }]
    }
    if (entry.section !== 'pools' && entry.section !== 'policies') return []
    const { workload } = entry.values
    const declared = poolsOf(wanted, workload)
    const others = poolsOf(existing, workload).filter(
      ({ name }) => !declared.some((pool) => pool.name === name),
    )
    // Beside a pool of the same file the policy needs no warning of its own.
    const about = entry.section === 'pools' ? [entry] : others
    const found = about.flatMap((pool): Problem[] => {
      const offering = find('offerings', offeringName(pool.values))
      const domain = find('domains', pool.values.domain)
      if (!offering || !domain) return []
      return againstPlace(entry.path, {
        workload: find('workloads', workload),
        policy: find('policies', workload),
        domain,
        offering,
        alone: declared.length + others.length === 1,
      })
    })
    return entry.section === 'pools' ? [...found, ...besides(entry, others, existing)] : found
  })
}

function poolsOf(entries: Entry[], workload: string): EntryOf<'pools'>[] {
  return entries.flatMap((entry) =>
    entry.section === 'pools' && entry.values.workload === workload ? [entry] : [],
  )
}

/** A pool that is new beside one that the file no longer speaks of: perhaps its target was to change, which it cannot. */
function besides({ name, path }: EntryOf<'pools'>, others: EntryOf<'pools'>[], existing: Entry[]): Problem[] {
  if (pick(existing, 'pools', name)) return []
  return others.map(({ values }) => {
    const message = `the pool of "${values.workload}" at "${values.target}" stays beside it, and both are planned`
    return { path, message }
  })
}

function pick<S extends Section>(entries: Entry[], section: S, name: string): EntryOf<S> | undefined {
  const isIt = (entry: Entry): entry is Extract<Entry, EntryOf<S>> =>
    entry.section === section && entry.name === name
  return entries.find(isIt)
}

type Place = {
  workload: EntryOf<'workloads'> | undefined
  policy: EntryOf<'policies'> | undefined
  domain: EntryOf<'domains'>
  offering: EntryOf<'offerings'>
  /** Whether it is the workload's only pool: its bounds are then those of the place. */
  alone: boolean
}

function againstPlace(
  path: Problem['path'],
  { workload, policy, domain, offering, alone }: Place,
): Problem[] {
  const { region, securityTier } = domain.values
  const found: string[] = []
  const tier = workload?.values.requiredSecurityTier ?? 0
  if (tier > securityTier) {
    found.push(`"${domain.name}" is of security tier ${securityTier}, and the workload requires ${tier}`)
  }
  if (policy) {
    const { allowedRegions, maxReplicas, minReplicas, costLimitPerHourUsd } = policy.values
    const { quotaReplicas, pricePerReplicaHourUsd } = offering.values
    if (!allowedRegions.includes(region)) {
      found.push(
        `the pool stands in the region "${region}", and the policy allows only ${allowedRegions.join(', ')}: nothing can be approved`,
      )
    }
    if (alone && minReplicas > quotaReplicas) {
      found.push(`the policy asks for at least ${minReplicas} replicas, and the quota is ${quotaReplicas}`)
    }
    if (alone && minReplicas * pricePerReplicaHourUsd > costLimitPerHourUsd) {
      found.push(
        `the least that the policy asks for costs $${minReplicas * pricePerReplicaHourUsd}/h, over its limit of $${costLimitPerHourUsd}/h`,
      )
    } else if (alone && maxReplicas > quotaReplicas) {
      found.push(`the policy allows ${maxReplicas} replicas, and the quota ends at ${quotaReplicas}`)
    }
  }
  return found.map((message) => ({ path, message }))
}

function unfinished({ name, path, values }: EntryOf<'workloads'>, all: Entry[]): Problem[] {
  const measured = all.some(
    (entry) =>
      entry.section === 'mappings' &&
      entry.values.signal === values.demandSignal &&
      (entry.values.workloadName ?? name) === name,
  )
  const missing = [
    ...(measured ? [] : [`mapping for ${values.demandSignal}`]),
    ...(pick(all, 'policies', name) ? [] : ['policy']),
    ...(poolsOf(all, name).length > 0 ? [] : ['pool']),
  ]
  if (missing.length === 0) return []
  return [{ path, message: `"${name}" has no ${missing.join(', no ')}: nothing is proposed for it yet` }]
}
