/**
 * How demand goes to places: the first ones take what they can serve, the rest spills over to those that follow; what no
 * place can serve waits where most is served. Same units in and out; the shares add up to `demand`.
 */
export function spill(demand: number, limits: readonly number[]): number[] {
  let left = demand
  const shares = limits.map((limit) => {
    const taken = Math.min(left, limit)
    left -= taken
    return taken
  })
  if (left <= 0) return shares
  const largest = limits.indexOf(Math.max(...limits))
  return shares.map((share, index) => (index === Math.max(0, largest) ? share + left : share))
}
