/** Bytes, cores or pieces of one unit of Kubernetes (resource.Quantity). */
const units: Record<string, number> = {
  '': 1,
  m: 1e-3,
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
}

type Parts = { count: number; unit: string }

/** Number and unit of a quantity as a manifest or the API server writes it; null if it is none. */
function partsOf(quantity: unknown): Parts | null {
  const found = /^(\d+(?:\.\d+)?(?:e\d+)?)([A-Za-z]*)$/.exec(String(quantity))
  if (found === null) return null
  const [, count = '', unit = ''] = found
  return unit in units ? { count: Number(count), unit } : null
}

const timesOver = (whole: Parts, part: Parts): number =>
  (whole.count * (units[whole.unit] ?? 1)) / (part.count * (units[part.unit] ?? 1))

/**
 * Why a ceiling is not counted in what each one takes: it is no whole number of them, so that what takes a change back could not
 * restore it. Null if it is one.
 */
export function whyNotCounted(quantity: unknown, each: string): string | null {
  const whole = partsOf(quantity)
  const part = partsOf(each)
  if (whole === null || part === null) return null
  const ratio = timesOver(whole, part)
  if (Math.abs(ratio - Math.round(ratio)) < 1e-9 * Math.max(1, ratio)) return null
  const [below, above] = [Math.floor(ratio), Math.ceil(ratio)].map((count) => times(each, count))
  return `It is ${String(quantity)}, which is no whole number of ${each} each, so that it could not be restored. Set it to ${below} or ${above}, or count it in other units.`
}

/** How often `each` goes into a quantity, whole; null if it is no quantity. Rounding of the division is no missing piece. */
export function timesIn(quantity: unknown, each: string): number | null {
  const whole = partsOf(quantity)
  const part = partsOf(each)
  if (whole === null || part === null) return null
  return Math.floor(timesOver(whole, part) + 1e-9)
}

/** So many times a quantity, in its own unit. */
export function times(each: string, count: number): string {
  const part = partsOf(each)
  if (part === null) throw new Error(`"${each}" is no quantity.`)
  return `${Number((part.count * count).toFixed(3))}${part.unit}`
}
