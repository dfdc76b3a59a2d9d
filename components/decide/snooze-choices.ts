const minute = 60_000
/** Below this a pause is over before anybody has looked away. */
const shortest = minute
const fixed = [
  { label: 'A quarter of an hour', ms: 15 * minute },
  { label: 'An hour', ms: 60 * minute },
  { label: 'Four hours', ms: 240 * minute },
]

/**
 * Until when a proposal can be put off, soonest first: usual lengths, half of the time that is left, and its deadline. Nothing once
 * that is less than a minute away or over. Times in milliseconds.
 */
export function snoozeChoices(now: number, actBy: number): { label: string; at: number }[] {
  const left = actBy - now
  if (left < shortest) return []
  const usual = fixed.filter(({ ms }) => ms < left).map(({ label, ms }) => ({ label, at: now + ms }))
  const half = { label: 'Half of the time that is left', at: now + Math.floor(left / 2) }
  return [...usual, ...(left / 2 < shortest ? [] : [half])]
    .sort((a, b) => a.at - b.at)
    .concat({ label: 'Until it must be acted on', at: actBy })
}
