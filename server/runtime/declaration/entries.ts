import type { Path } from './places.ts'
import type { Declaration } from './schema.ts'

type One<S extends keyof Declaration> = Declaration[S][number]
type Offering = One<'domains'>['offerings'][number]

/** What is declared of each kind, in terms of names. */
export type Values = {
  targets: One<'targets'>
  domains: Omit<One<'domains'>, 'offerings'>
  offerings: Offering & { domain: string }
  workloads: One<'workloads'>
  mappings: One<'mappings'>
  policies: One<'policies'>
  pools: One<'pools'>
  rules: One<'rules'>
}
export type Section = keyof Values

/** One declared thing: `name` tells it from the others of its section, `path` is where the file has it. */
export type EntryOf<S extends Section> = { section: S; name: string; path: Path; values: Values[S] }
export type Entry = { [S in Section]: EntryOf<S> }[Section]

/** What a pool or an offering calls an offering. */
export const offeringName = (it: { domain: string; hardwareClass: string; market: string }) =>
  `${it.domain}: ${it.hardwareClass}, ${it.market}`

/** A metric may have one mapping of each priority. */
export const mappingName = ({ metric, priority }: { metric: string; priority: number }) =>
  `${metric} (priority ${priority})`

/** A workload has at most one pool at a target. */
export const poolName = ({ workload, target }: { workload: string; target: string }) =>
  `${workload} at ${target}`

/** One word for one thing of a section. */
export const nouns: Record<Section, string> = {
  targets: 'target',
  domains: 'domain',
  offerings: 'offering',
  workloads: 'workload',
  mappings: 'mapping',
  policies: 'policy',
  pools: 'pool',
  rules: 'rule',
}

/**
 * Everything declared, such that each comes after what it needs. Targets come first, since only they can fail for what
 * the world outside says.
 */
export function entriesOf({
  targets,
  domains,
  workloads,
  mappings,
  policies,
  pools,
  rules,
}: Declaration): Entry[] {
  const at = <S extends keyof Declaration>(section: S, i: number): Path => [section, i]
  return [
    ...targets.map((values, i) => {
      return { section: 'targets' as const, name: values.name, path: at('targets', i), values }
    }),
    ...domains.map(({ offerings: _, ...values }, i) => {
      return { section: 'domains' as const, name: values.name, path: at('domains', i), values }
    }),
    ...domains.flatMap(({ name: domain, offerings }, i) =>
      offerings.map((offering, j) => {
        const values = { domain, ...offering }
        const path: Path = ['domains', i, 'offerings', j]
        return { section: 'offerings' as const, name: offeringName(values), path, values }
      }),
    ),
    ...workloads.map((values, i) => {
      return { section: 'workloads' as const, name: values.name, path: at('workloads', i), values }
    }),
    ...mappings.map((values, i) => {
      return { section: 'mappings' as const, name: mappingName(values), path: at('mappings', i), values }
    }),
    ...policies.map((values, i) => {
      return { section: 'policies' as const, name: values.workload, path: at('policies', i), values }
    }),
    // What governs another comes after it.
    ...pools
      .map((values, i) => {
        return { section: 'pools' as const, name: poolName(values), path: at('pools', i), values }
      })
      .toSorted((a, b) => Number(Boolean(a.values.governs)) - Number(Boolean(b.values.governs))),
    ...rules.map((values, i) => {
      return { section: 'rules' as const, name: values.name, path: at('rules', i), values }
    }),
  ]
}
