import type { MappingInput, SignalName } from '../contract.ts'

export type MappingRule = MappingInput

/** What a mapping makes of a series. */
export type Match = { workloadName: string; signal: SignalName; kind: 'gauge' | 'counter'; scale: number }

/** Decides series by series; rules are tried by ascending `priority`, and the first that matches wins. */
export type Matcher = (metric: string, labels: Record<string, string>) => Match | null

const pattern = (metric: string) =>
  new RegExp(
    `^${metric
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
    's',
  )

/**
 * A rule matches when the metric's name does, every one of `matchLabels` is equal, and the label that names the
 * workload is there. Rules are narrowed once for each metric name, since a request carries few names and many series.
 */
export function createMatcher(rules: MappingRule[]): Matcher {
  const compiled = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({ rule, name: pattern(rule.metric), needed: Object.entries(rule.matchLabels) }))
  const byMetric = new Map<string, typeof compiled>()

  return (metric, labels) => {
    let candidates = byMetric.get(metric)
    if (!candidates) {
      candidates = compiled.filter(({ name }) => name.test(metric))
      byMetric.set(metric, candidates)
    }
    for (const { rule, needed } of candidates) {
      if (!needed.every(([label, value]) => labels[label] === value)) continue
      const workloadName =
        rule.workloadName ?? (rule.workloadLabel === null ? '' : labels[rule.workloadLabel])
      if (!workloadName) continue
      return { workloadName, signal: rule.signal, kind: rule.kind, scale: rule.scale }
    }
    return null
  }
}
