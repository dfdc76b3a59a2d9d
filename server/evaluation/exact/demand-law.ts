/**
 * A known law of demand: a Markov chain on `values`, in replicas that are kept busy. `transition[i][j]` is the chance of
 * value j after value i; rows sum to one.
 */
export type DemandLaw = {
  name: string
  values: readonly number[]
  transition: readonly (readonly number[])[]
}

/** Independent draws, each value with its weight. */
export function independentLaw(
  name: string,
  values: readonly number[],
  weights: readonly number[],
): DemandLaw {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const row = weights.map((weight) => weight / sum)
  return { name, values, transition: values.map(() => row) }
}

/** A walk that stays, rises or falls by one place, and leaps to any place with chance `leap`. */
export function walkLaw(name: string, values: readonly number[], move: number, leap: number): DemandLaw {
  const last = values.length - 1
  const transition = values.map((_, i) => {
    const row = values.map(() => leap / values.length)
    const add = (j: number, chance: number) => {
      const at = Math.min(last, Math.max(0, j))
      row[at] = (row[at] ?? 0) + chance
    }
    add(i - 1, ((1 - leap) * move) / 2)
    add(i + 1, ((1 - leap) * move) / 2)
    add(i, (1 - leap) * (1 - move))
    return row
  })
  return { name, values, transition }
}

/** Quiet and busy, each evenly over its values; which it is shows in the value. `starts`, `ends`: chances of a turn. */
export function regimeLaw(
  name: string,
  quiet: readonly number[],
  busy: readonly number[],
  starts: number,
  ends: number,
): DemandLaw {
  const values = [...quiet, ...busy]
  const transition = values.map((_, i) => {
    const toBusy = i < quiet.length ? starts : 1 - ends
    return values.map((__, j) => {
      const toQuiet = j < quiet.length
      return toQuiet ? (1 - toBusy) / quiet.length : toBusy / busy.length
    })
  })
  return { name, values, transition }
}

/** Indices of a path of the law, from a uniform generator. */
export function drawPath({ values, transition }: DemandLaw, steps: number, random: () => number): number[] {
  const path: number[] = []
  let at = values.length >> 1
  for (let k = 0; k < steps; k++) {
    let left = random()
    const row = transition[at] ?? []
    let next = 0
    while (next < row.length - 1 && left >= (row[next] ?? 0)) left -= row[next++] ?? 0
    path.push(next)
    at = next
  }
  return path
}

/** Chances of each value at leads 1 … `horizon`, by the value that was seen last. */
export function chancesAhead({ transition }: DemandLaw, horizon: number): number[][][] {
  return transition.map((_, from) => {
    let now: number[] = transition.map((__, i) => (i === from ? 1 : 0))
    return Array.from({ length: horizon }, () => {
      now = now.map((__, j) => now.reduce((sum, chance, i) => sum + chance * (transition[i]?.[j] ?? 0), 0))
      return now
    })
  })
}

/** Quantiles of a discrete law: the smallest value that at least `level` lies at or below. */
export function quantilesOf(
  values: readonly number[],
  chances: readonly number[],
  levels: readonly number[],
): number[] {
  const sorted = values
    .map((value, i) => ({ value, chance: chances[i] ?? 0 }))
    .sort((a, b) => a.value - b.value)
  return levels.map((level) => {
    let below = 0
    for (const { value, chance } of sorted) {
      below += chance
      if (below >= level - 1e-12) return value
    }
    return sorted.at(-1)?.value ?? 0
  })
}
