import type { Contribution } from '../../server/forecast/contract.ts'

/** One line of the sum. `from` and `to` are shares of the width, for a bar that begins where the last one ended. */
export type ContributionBar = {
  label: string
  group: Contribution['group']
  value: number
  from: number
  to: number
}

export type ContributionSum = {
  baseline: number
  total: number
  bars: ContributionBar[]
  zero: number
  end: number
}

/** A waterfall from the baseline to the forecast; the widths are of one scale, so the bars visibly add up. */
export function contributionBars(baseline: number, contributions: readonly Contribution[]): ContributionSum {
  const sorted = [...contributions].sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
  let running = baseline
  const edges = sorted.map((contribution) => {
    const start = running
    running += contribution.value
    return { ...contribution, start, end: running }
  })
  const all = [baseline, running, ...edges.flatMap((edge) => [edge.start, edge.end])]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const share = (value: number) => (high === low ? 0 : (value - low) / (high - low))
  return {
    baseline,
    total: running,
    zero: share(baseline),
    end: share(running),
    bars: edges.map(({ label, group, value, start, end }) => ({
      label,
      group,
      value,
      from: Math.min(share(start), share(end)),
      to: Math.max(share(start), share(end)),
    })),
  }
}
