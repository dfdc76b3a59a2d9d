import type { FoundTarget } from './contract.ts'

type Named = { id: string; name: string; title: string }
type Suggestion = { workloadId: string; why: string }

/** Words that say what an object is for and not whose it is. */
const fillers = new Set([
  'app',
  'api',
  'deployment',
  'service',
  'server',
  'svc',
  'prod',
  'production',
  'v1',
  'v2',
])

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !fillers.has(word))

/** Share of the words of two names that they have in common (Jaccard). */
function likeness(a: string, b: string): number {
  const [one, other] = [new Set(wordsOf(a)), new Set(wordsOf(b))]
  const common = [...one].filter((word) => other.has(word)).length
  return common === 0 ? 0 : common / (one.size + other.size - common)
}

const leastLikeness = 0.5

/**
 * The workload that something seems to hold: by its label `app.kubernetes.io/name`, by its name, by its namespace, then by a
 * name that is like the workload's name or title. Null where none is, or two are alike.
 */
export function suggestWorkload(
  found: Pick<FoundTarget, 'appName' | 'name' | 'namespace'>,
  workloads: readonly Named[],
): Suggestion | null {
  const same = (text: string | null) =>
    text === null ? undefined : workloads.find(({ name }) => name.toLowerCase() === text.toLowerCase())
  const exact: [Named | undefined, string][] = [
    [same(found.appName), 'the label app.kubernetes.io/name is its name'],
    [same(found.name), 'it has its name'],
    [same(found.namespace), 'the namespace has its name'],
  ]
  for (const [workload, why] of exact) if (workload) return { workloadId: workload.id, why }
  const names = [found.appName, found.name].filter((each) => each !== null)
  const scored = workloads
    .map(({ id, name, title }) => ({
      id,
      score: Math.max(0, ...names.flatMap((each) => [likeness(each, name), likeness(each, title)])),
    }))
    .toSorted((a, b) => b.score - a.score)
  const [best, second] = scored
  if (best === undefined || best.score < leastLikeness || best.score === second?.score) return null
  return { workloadId: best.id, why: 'the names are alike' }
}
