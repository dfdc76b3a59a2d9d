/** Bytes, cores or pieces of one unit of Kubernetes (resource.Quantity). */
const units: Record<string, number> = {
  '': 1,
  m: 1e-3,
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
}

/** Number and unit of a quantity as a manifest or the API server writes it; null if it is none. */
function partsOf(quantity: unknown): { count: number; unit: string } | null {
  const found = /^(\d+(?:\.\d+)?(?:e\d+)?)([A-Za-z]*)$/.exec(String(quantity))
  if (found === null) return null
  const [, count = '', unit = ''] = found
  return unit in units ? { count: Number(count), unit } : null
}

/** How often `each` goes into a quantity, whole; null if it is no quantity. Rounding of the division is no missing piece. */
export function timesIn(quantity: unknown, each: string): number | null {
  const whole = partsOf(quantity)
  const part = partsOf(each)
  if (whole === null || part === null) return null
  const ratio = (whole.count * (units[whole.unit] ?? 1)) / (part.count * (units[part.unit] ?? 1))
  return Math.floor(ratio + 1e-9)
}

/** So many times a quantity, in its own unit. */
export function times(each: string, count: number): string {
  const part = partsOf(each)
  if (part === null) throw new Error(`"${each}" is no quantity.`)
  return `${Number((part.count * count).toFixed(3))}${part.unit}`
}
