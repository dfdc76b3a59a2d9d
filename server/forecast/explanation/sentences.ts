import type { Contribution, ContributionGroup } from './contract.ts'

const NAMES: Record<ContributionGroup, string> = {
  level: 'the recent level',
  trend: 'the trend',
  season: 'the time of day and week',
  momentum: 'the latest movement',
  events: 'planned events',
}

/** A difference below this share of the usual level is none worth words. */
const NOTABLE = 0.02
/** Share of the difference from which one group has "most" of it, and from which a counterweight is named. */
const MOST = 0.6
const COUNTERWEIGHT = 0.15

/**
 * Why a median differs from the usual level, in plain sentences, most important first; `baseline` is that level.
 * Every number is one of the contributions or their sum, to three digits.
 */
export function sentences(contributions: readonly Contribution[], baseline: number, unit: string): string[] {
  const total = contributions.reduce((sum, { value }) => sum + value, 0)
  const sorted = contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
  const [largest] = sorted
  const notable = NOTABLE * Math.abs(baseline)
  if (largest === undefined || Math.abs(largest.value) <= notable)
    return [`Close to the usual ${amount(baseline)} ${unit}.`]
  if (Math.abs(total) <= notable) {
    const parts = sorted.filter(({ value }) => Math.abs(value) > notable).slice(0, 2)
    return [`Close to the usual ${amount(baseline)} ${unit}: ${parts.map(named).join(' and ')} cancel.`]
  }
  const sign = Math.sign(total)
  const [first, second] = sorted.filter(({ value }) => value * sign > 0)
  const where = total > 0 ? 'over' : 'under'
  const whole = `${signed(total)} ${unit} ${where} the usual ${amount(baseline)}`
  const said: string[] = []
  if (first !== undefined && (second === undefined || first.value * sign >= MOST * total * sign)) {
    const alone = first.value * sign <= total * sign
    said.push(
      alone
        ? `Mostly ${NAMES[first.group]}: ${signed(first.value)} of ${whole}.`
        : `Mostly ${named(first)}; with all else ${whole}.`,
    )
  } else if (first !== undefined && second !== undefined) {
    said.push(`${capital(named(first))} and ${named(second)} make most of ${whole}.`)
  }
  const counter = sorted.filter(({ value }) => value * sign < -COUNTERWEIGHT * total * sign).slice(0, 1)
  for (const { group, value } of counter) {
    said.push(`Against it ${NAMES[group]}: ${signed(value)} ${unit}.`)
  }
  return said
}

const named = ({ group, value }: Contribution): string => `${NAMES[group]} (${signed(value)})`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const amount = (value: number): string => Number(value.toPrecision(3)).toString()

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${amount(Math.abs(value))}`
