import { isDeepStrictEqual } from 'node:util'
import { controlsOf, kubernetesRef, kubernetesRefs, sandboxRef } from '../../dispatch/contract.ts'
import type { Current } from './current.ts'
import type { Change } from './diff.ts'
import { type Entry, nouns, offeringName, poolName, type Section } from './entries.ts'
import type { Problem } from './places.ts'

const refs = { kubernetes: kubernetesRef, sandbox: sandboxRef.strict() }

/** What may not change once it exists, and what to do instead. */
const fixed: Partial<Record<Section, Record<string, string>>> = {
  targets: {
    connection: 'a target stays what it is; declare another one under another name',
    ref: 'a target stays what it is; declare another one under another name',
  },
  domains: { sandbox: 'what belongs to the sandbox stays there; choose another name' },
  workloads: {
    stepSeconds: 'rollups and models are made of it; declare another workload under another name',
    sandbox: 'what belongs to the sandbox stays there; choose another name',
  },
  pools: { control: 'approvals are bound to what a target stands for; declare another target' },
}

/** What stands against applying a file of the right shape: names that lead nowhere, twice the same, what cannot change. */
export function checkEntries(changes: Change[], current: Current): Problem[] {
  const entries = changes.map(({ entry }) => entry)
  return [
    ...duplicates(entries),
    ...changes.flatMap(({ kind, entry, fields }) =>
      kind === 'changed' ? fields.flatMap(({ field, from }) => cannotChange(entry, field, from)) : [],
    ),
    ...brokenReferences(entries, current),
    ...otherControls(entries, current),
    ...takenTwice(entries, current.entries),
  ]
}

function duplicates(entries: Entry[]): Problem[] {
  const seen = new Set<string>()
  return entries.flatMap(({ section, name, path }) => {
    const key = `${section}/${name}`
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    const noun = nouns[section]
    const message =
      section === 'policies'
        ? `"${name}" has a ${noun} in this file already`
        : `the ${noun} "${name}" is in this file already`
    return [{ path, message, expected: `one ${noun} for each` }]
  })
}

function cannotChange({ section, path }: Entry, field: string, from: unknown): Problem[] {
  const why = fixed[section]?.[field]
  if (!why) return []
  return [{ path: [...path, field], message: `cannot change: ${why}`, expected: JSON.stringify(from) }]
}

function brokenReferences(entries: Entry[], current: Current): Problem[] {
  const all = [...current.entries, ...entries]
  const missing = (path: Problem['path'], section: Section, name: string): Problem[] => {
    const there = new Set(all.filter((entry) => entry.section === section).map((entry) => entry.name))
    if (there.has(name)) return []
    const noun = nouns[section]
    const message = `there is no ${noun} "${name}", neither in this file nor declared before`
    const names = [...there].join('; ')
    return [{ path, message, expected: names ? `one of ${names}` : `a ${noun} declared in this file` }]
  }
  return entries.flatMap((entry): Problem[] => {
    const { path } = entry
    if (entry.section === 'targets') return wrongConnection(entry.values, path, current)
    if (entry.section === 'policies')
      return missing([...path, 'workload'], 'workloads', entry.values.workload)
    if (entry.section !== 'pools') return []
    const { workload, domain, target, governs } = entry.values
    const noDomain = missing([...path, 'domain'], 'domains', domain)
    return [
      ...missing([...path, 'workload'], 'workloads', workload),
      ...(noDomain.length > 0
        ? noDomain
        : missing([...path, 'hardwareClass'], 'offerings', offeringName(entry.values))),
      ...missing([...path, 'target'], 'targets', target),
      ...(!governs ? [] : missing([...path, 'governs'], 'pools', poolName({ workload, target: governs }))),
    ]
  })
}

/** A pool stands for something that the number of its target cannot be. */
function otherControls(entries: Entry[], { entries: existing, connections }: Current): Problem[] {
  const targets = new Map(
    [...existing, ...entries].flatMap((entry) =>
      entry.section === 'targets' ? [[entry.name, entry.values] as const] : [],
    ),
  )
  return entries.flatMap((entry): Problem[] => {
    if (entry.section !== 'pools') return []
    const target = targets.get(entry.values.target)
    const connection = target && connections.get(target.connection)
    if (!connection) return []
    const can = controlsOf(connection.adapter, target.ref)
    if (can.includes(entry.values.control)) return []
    const what = target.ref.kind ?? connection.adapter
    const message = `the target "${entry.values.target}" is a ${what}, whose number cannot stand for ${entry.values.control}`
    return [{ path: [...entry.path, 'control'], message, expected: can.join(' or ') }]
  })
}

function wrongConnection(
  { connection: name, ref }: { connection: string; ref: Record<string, string> },
  path: Problem['path'],
  { connections }: Current,
): Problem[] {
  const connection = connections.get(name)
  if (!connection) {
    const others = [...connections.keys()].join(', ')
    const message = `there is no connection "${name}". Connections hold credentials and are in no file: sign in as an admin, open Targets, choose “Connect a cluster”, give it this name, and apply again`
    return [{ path: [...path, 'connection'], message, ...(others ? { expected: `one of ${others}` } : {}) }]
  }
  const { error } = refs[connection.adapter].safeParse(ref)
  return (error?.issues ?? []).map((issue) => ({
    path: [...path, 'ref', ...issue.path.map(String)],
    message: `${issue.message} (what a ${connection.adapter} connection needs)`,
    expected: expectedOf(connection.adapter, ref),
  }))
}

function expectedOf(adapter: keyof typeof refs, { kind = '' }: Record<string, string>): string {
  if (adapter === 'sandbox') return `${Object.keys(sandboxRef.shape).join(', ')} and nothing else`
  const known = Object.entries(kubernetesRefs).find(([name]) => name === kind)?.[1]
  if (known === undefined) return `kind, which is one of ${Object.keys(kubernetesRefs).join(', ')}`
  return `${Object.keys(known.shape).join(', ')} and nothing else`
}

/** One target holds one pool, and one real thing is one target, counting what exists. */
function takenTwice(entries: Entry[], existing: Entry[]): Problem[] {
  return entries.flatMap((entry): Problem[] => {
    const others = [...existing, ...entries].filter(
      ({ section, name }) => section === entry.section && name !== entry.name,
    )
    for (const other of others) {
      if (entry.section === 'pools' && other.section === 'pools') {
        if (other.values.target !== entry.values.target) continue
        const message = `the target "${other.values.target}" holds a pool of "${other.values.workload}"`
        return [{ path: [...entry.path, 'target'], message, expected: 'a target of its own' }]
      }
      if (entry.section === 'targets' && other.section === 'targets') {
        const { connection, ref } = other.values
        if (connection !== entry.values.connection || !isDeepStrictEqual(ref, entry.values.ref)) continue
        const message = `is what the target "${other.name}" is already`
        return [{ path: [...entry.path, 'ref'], message, expected: 'another object, or that name' }]
      }
    }
    return []
  })
}
