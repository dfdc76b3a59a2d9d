/**
 * A ceiling has taken effect when it is in force and no more is in use than it allows: nothing starts because of it, so
 * there is nothing else to wait for. `inForce`: its controller accepted it.
 */
export function underCeiling(ceiling: number, inUse: number, inForce: boolean): number {
  if (inUse > ceiling) return inUse
  return inForce ? ceiling : Math.max(0, ceiling - 1)
}
