type Vertex = { at: number[]; value: number }

/**
 * A local minimum without derivatives (Nelder and Mead 1965, with the usual coefficients), from a simplex around
 * `start` with edges `step`. Deterministic; stops after `evaluations` or when the simplex is flat.
 */
export function minimise(
  f: (at: number[]) => number,
  start: readonly number[],
  step: number,
  evaluations: number,
): Vertex {
  let used = 0
  const vertex = (at: number[]): Vertex => {
    used++
    return { at, value: f(at) }
  }
  const simplex = [vertex([...start])]
  for (const i of start.keys()) simplex.push(vertex(start.map((x, j) => (i === j ? x + step : x))))
  const towards = (from: number[], to: number[], share: number) =>
    from.map((x, i) => x + share * ((to[i] ?? x) - x))
  const byValue = (a: Vertex, b: Vertex) => a.value - b.value
  for (;;) {
    simplex.sort(byValue)
    const [best, worst] = [simplex[0], simplex.at(-1)]
    if (best === undefined || worst === undefined) throw new Error('A simplex has vertices.')
    if (used >= evaluations || worst.value - best.value <= 1e-9 * (1 + Math.abs(best.value))) return best
    const others = simplex.slice(0, -1)
    const centre = start.map((_, i) => others.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / others.length)
    const reflected = vertex(towards(worst.at, centre, 2))
    if (reflected.value < best.value) {
      const expanded = vertex(towards(worst.at, centre, 3))
      simplex[simplex.length - 1] = expanded.value < reflected.value ? expanded : reflected
      continue
    }
    const second = others.at(-1)
    if (second !== undefined && reflected.value < second.value) {
      simplex[simplex.length - 1] = reflected
      continue
    }
    const nearer = reflected.value < worst.value ? reflected : worst
    const contracted = vertex(towards(nearer.at, centre, 0.5))
    if (contracted.value < nearer.value) {
      simplex[simplex.length - 1] = contracted
      continue
    }
    for (const [i, { at }] of simplex.entries()) {
      if (i > 0) simplex[i] = vertex(towards(at, best.at, 0.5))
    }
  }
}
