import type { HarmEvidence } from '../contract.ts'

/** Variation of the excess up to which it is worth a sentence. */
const regular = 0.2

/** The evidence in plain sentences, most important first. */
export function describeHarm(evidence: Omit<HarmEvidence, 'words'>): string[] {
  const { submittedBefore, submittedNow, completedBefore, completedNow, excessFailedShare } = evidence
  const { distinctBefore, distinctNow, excessVariation, since } = evidence
  const words = [
    `Since ${since.slice(11, 19)} UTC, ${rate(submittedNow)} jobs/s are submitted instead of ${rate(submittedBefore)}, ` +
      `and ${percent(excessFailedShare)} of what came on top fails.`,
    `Jobs that end well stay near ${rate(completedBefore)} jobs/s (now ${rate(completedNow)}): more is submitted, not more is done.`,
  ]
  if (distinctNow !== null) {
    const before = distinctBefore === null ? '' : ` instead of ${percent(distinctBefore)}`
    words.push(
      `Only ${percent(distinctNow)} of submissions differ from each other${before}: the same job comes again and again.`,
    )
  }
  if (excessVariation <= regular)
    words.push(
      `The extra submissions vary by ${percent(excessVariation)} around their mean, as a script's do.`,
    )
  return words
}

function rate(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}
