/**
 * How demand goes to places: the first ones take what they serve without a queue, the rest spills over to those that follow;
 * what passes all of them is spread as they serve. Same units in and out; the shares add up to `demand`.
 */
export function spill(demand: number, limits: readonly number[]): number[] {
  let left = demand
  const shares = limits.map((limit) => {
    const taken = Math.min(left, limit)
    left -= taken
    return taken
  })
  if (left <= 0) return shares
  const whole = limits.reduce((sum, limit) => sum + limit, 0)
  return shares.map((share, index) => {
    const weight = whole > 0 ? (limits[index] ?? 0) / whole : index === 0 ? 1 : 0
    return share + left * weight
  })
}
