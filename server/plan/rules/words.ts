/** "$1,234.50" */
export function usd(amount: number): string {
  const text = Math.abs(amount)
    .toFixed(2)
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${amount < 0 ? '−' : ''}$${text}`
}

/** "38%", "0.4%" */
export function percent(share: number): string {
  const value = share * 100
  return `${Number(value.toFixed(value >= 10 ? 0 : 1))}%`
}

/** "850 g", "1.2 kg" */
export function grams(amount: number): string {
  return Math.abs(amount) < 1_000
    ? `${Number(amount.toPrecision(3))} g`
    : `${Number((amount / 1_000).toPrecision(3))} kg`
}

/** "+4", "−2" */
export function signed(change: number): string {
  return `${change < 0 ? '−' : '+'}${Math.abs(change)}`
}
