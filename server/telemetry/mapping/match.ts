import type { MappingInput, SignalName } from '../contract.ts'

export type MappingRule = MappingInput

/** What a mapping makes of a series. */
export type Match = { workloadName: string; signal: SignalName; kind: 'gauge' | 'counter'; scale: number }

/** Decides series by series; rules are tried by ascending `priority`, and the first that matches wins. */
export type Matcher = (metric: string, labels: Record<string, string>) => Match | null

/** Whether a name fits a pattern in which `*` is any run of characters; each part is looked for once, from the left. */
export function fits(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return name === head
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false
  let position = head.length
  for (const part of parts) {
    const found = name.indexOf(part, position)
    if (found < 0) return false
    position = found + part.length
  }
  return position <= name.length - tail.length
}

/**
 * A rule matches when the metric's name does, every one of `matchLabels` is equal, and the label that names the
 * workload is there. Rules are narrowed once for each metric name, since a request carries few names and many series.
 */
export function createMatcher(rules: MappingRule[]): Matcher {
  const compiled = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({ rule, needed: Object.entries(rule.matchLabels) }))
  const byMetric = new Map<string, typeof compiled>()

  return (metric, labels) => {
    let candidates = byMetric.get(metric)
    if (!candidates) {
      candidates = compiled.filter(({ rule }) => fits(rule.metric, metric))
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
