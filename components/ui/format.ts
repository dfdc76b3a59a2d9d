/** Narrow no-break space: between a number and its unit, and it never wraps. */
export const THIN = '\u202f'
const MINUS = '\u2212'
/** Shown where there is no number. */
export const NONE = '–'

/** Decimals that keep about three significant digits without pretending to more. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value)
  if (size === 0 || size >= 100) return 0
  return size >= 10 ? 1 : 2
}

/** "1,234", "12.3", "0.42"; a real minus sign. `digits` fixes the decimals so that a column lines up. */
export function formatNumber(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  const decimals = digits ?? (Number.isInteger(value) ? 0 : decimalsFor(value))
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  const isZero = Number(text.replaceAll(',', '')) === 0
  return value < 0 && !isZero ? MINUS + text : text
}

/** The sign always written: "+7", "−3", "±0" for none. */
export function formatSigned(value: number, digits?: number): string {
  const text = formatNumber(value, digits)
  if (text.startsWith(MINUS) || text === NONE) return text
  return Number(text.replaceAll(',', '')) === 0 ? `±${text}` : `+${text}`
}

const prefixes = [
  { from: 1e12, sign: 'T' },
  { from: 1e9, sign: 'G' },
  { from: 1e6, sign: 'M' },
  { from: 1e4, sign: 'k' },
]

/** "12.3 req/s", "1.24 GB/s", "84 %", long times in s or min. Units of share ('') are shown in percent. */
export function formatQuantity(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  if (unit === '') return formatPercent(value)
  if (unit === '$/h') return formatMoney(value, { per: 'h' })
  if (unit === 'ms' && Math.abs(value) >= 600_000) return formatQuantity(value / 60_000, 'min')
  if (unit === 'ms' && Math.abs(value) >= 10_000) return formatQuantity(value / 1_000, 's')
  const prefix = prefixes.find(({ from }) => Math.abs(value) >= from)
  if (!prefix) return `${formatNumber(value)}${THIN}${unit}`
  const scale = prefix.sign === 'k' ? 1e3 : prefix.from
  return `${formatNumber(value / scale, decimalsFor(value / scale))}${THIN}${prefix.sign}${unit}`
}

/** Axis ticks: the quantity without its unit, which the axis says once. */
export function formatTick(value: number, unit: string): string {
  if (unit === '') return `${formatNumber(value * 100, 0)}${THIN}%`
  const prefix = prefixes.find(({ from }) => Math.abs(value) >= from)
  if (!prefix) return formatNumber(value, Number.isInteger(value) ? 0 : decimalsFor(value))
  const scaled = value / (prefix.sign === 'k' ? 1e3 : prefix.from)
  return `${formatNumber(scaled, Number.isInteger(scaled) ? 0 : 1)}${prefix.sign}`
}

/** "$14.20/h"; `signed` writes the plus. Whole dollars from 1,000 on. */
export function formatMoney(
  usd: number | null | undefined,
  options: { per?: 'h'; signed?: boolean; digits?: number } = {},
): string {
  if (usd === null || usd === undefined || !Number.isFinite(usd)) return NONE
  const digits = options.digits ?? (Math.abs(usd) >= 1_000 ? 0 : 2)
  const amount = formatNumber(Math.abs(usd), digits)
  const isZero = Number(amount.replaceAll(',', '')) === 0
  const sign = isZero ? (options.signed ? '±' : '') : usd < 0 ? MINUS : options.signed ? '+' : ''
  return `${sign}$${amount}${options.per ? `/${options.per}` : ''}`
}

/** A share as "38 %". Never rounds a possible thing to certain: "<1 %", ">99 %". */
export function formatPercent(ratio: number | null | undefined, digits = 0): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return NONE
  const percent = ratio * 100
  const smallest = 10 ** -digits
  if (percent > 0 && percent < smallest / 2) return `<${formatNumber(smallest, digits)}${THIN}%`
  if (percent < 100 && percent > 100 - smallest / 2) {
    return `>${formatNumber(100 - smallest, digits)}${THIN}%`
  }
  return `${formatNumber(percent, digits)}${THIN}%`
}

/** A share that changes: "+12 %", "−3.4 %", "±0 %" for none; in points of the share, not of what it was. */
export function formatPercentChange(change: number | null | undefined, digits = 0): string {
  if (change === null || change === undefined || !Number.isFinite(change)) return NONE
  return `${formatSigned(change * 100, digits)}${THIN}%`
}

/** "12 → 19". */
export function formatChange(from: number, to: number): string {
  return `${formatNumber(from)} → ${formatNumber(to)}`
}

/** "1 pod", "7 pods"; `many` where an s is not enough. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${Math.abs(count) === 1 ? one : many}`
}

/** The first twelve digits of a hash, enough to compare by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12)
}
