import type { HarmEvidence } from '../contract.ts'
import { describeHarm } from './words.ts'

/** What was measured of a workload's jobs in one step, per second; null where it was not measured. `at`: start of the step. */
export type JobStep = {
  at: Date
  submitted: number | null
  completed: number | null
  failed: number | null
  /** Share of submissions that differ from each other. */
  distinct: number | null
  queued: number | null
}

/** *suspected*: it looks like it, and has not lasted long enough to say so. */
export type Harm =
  | { kind: 'none' }
  | { kind: 'suspected'; since: Date }
  | { kind: 'harmful'; since: Date; evidence: HarmEvidence }

/** How many steps are looked at, the most of them that a span may fill, and how many before it are compared with. */
export const windowSteps = 240
const longestSteps = windowSteps / 2
const stepsBefore = 60
/** How long it must have lasted to be said: three steps, and a minute. */
const fewestSteps = 3
const leastSeconds = 60
/** What must come on top of what is meant, as a share of what came before, and how much of that must fail. */
const leastExcess = 0.25
const leastFailedShare = 0.7
/** How much more than before may end well: a loop gets nothing done. */
const mostCompletedRise = 1.25
/** How much more may end well than right before: where room was left, a crowd fills it, and a loop does not. */
const mostOnsetRise = 1.1
const onsetSteps = 20
/** How much more than was submitted may end: counters that say more are not to be believed. */
const mostEndedShare = 1.25
/** A loop repeats one thing: at most this share of submissions differs, and at most this part of what did before. */
const mostDistinct = 0.7
const distinctDrop = 0.8
const suspectDrop = 0.95
/** So many different ones more than before per second are no single thing, however often each of them comes. */
const mostDistinctRise = 1.25
/** What may wait, as seconds of work or beside what waited before: a longer queue is of demand that would end well. */
const mostWaitSeconds = 10
const mostWaitRise = 1.25
const leastCompletedShare = 0.8
/** Where signatures are not measured: over how many steps, how regular, and that nothing is crowded out. */
const regularSteps = 20
const mostVariation = 0.1

type Measured = JobStep & { submitted: number; completed: number; failed: number }
/** What is usual: per second, and failures for each job that ends well. */
type Usual = { submitted: number; completed: number; failed: number; failedPerCompleted: number }

/**
 * Whether the newest submissions are one failing job that is submitted again and again. Four things must come together:
 * submissions pass what those that end well explain; what passes fails; no more than before ends well and nothing waits;
 * and it is the same thing: few distinct signatures or, where those are not measured, a regularity that only a script has.
 * A burst that overloads a service fails too, but it fills what room there was, differs or waits; in an outage nothing
 * comes on top. Counters by which more ends than is submitted say nothing. Pure; steps in the order of time.
 */
export function recogniseHarm(steps: readonly JobStep[], stepSeconds: number): Harm {
  const measured = steps.flatMap(completeStep).slice(-windowSteps)
  const span = longestSpan(measured)
  const [first] = span
  if (first === undefined) return { kind: 'none' }
  const earlier = before(measured, span.length)
  const evidence = weigh(span, earlier, first.at)
  if (evidence.completedNow + evidence.failedNow > mostEndedShare * evidence.submittedNow)
    return { kind: 'none' }
  const least = Math.max(fewestSteps, Math.ceil(leastSeconds / stepSeconds))
  if (span.length >= least && isHarm(evidence, span, earlier))
    return { kind: 'harmful', since: first.at, evidence }
  if (span.length < least && isSuspect(evidence)) return { kind: 'suspected', since: first.at }
  return { kind: 'none' }
}

/** Share of the failures on top below which they count as over, and for how many steps. */
const overShare = 0.25
const overSteps = 3

/** Start of the first step after a span that is no longer part of it; null while it goes on or nothing is measured. */
export function endOfHarm(steps: readonly JobStep[], evidence: HarmEvidence): Date | null {
  const measured = steps.flatMap(completeStep)
  const limit = evidence.failedBefore + overShare * (evidence.failedNow - evidence.failedBefore)
  const last = measured.findLastIndex(({ failed }) => failed > limit)
  const calm = measured.slice(last + 1)
  return calm.length >= overSteps ? (calm[0]?.at ?? null) : null
}

/**
 * Start of the newest steps where work waits although as much as before ends well; null where that is not so. Whatever was
 * recognised, this is demand that is short of capacity.
 */
export function crowdedSince(steps: readonly JobStep[], evidence: HarmEvidence): Date | null {
  const newest = steps.flatMap(completeStep).slice(-overSteps)
  const [first] = newest
  if (first === undefined || newest.length < overSteps) return null
  const { completedBefore, queuedBefore = null } = evidence
  const holds = usualOf(newest).completed >= leastCompletedShare * completedBefore
  return holds && newest.every((step) => waits([step], queuedBefore)) ? first.at : null
}

/** Without completions of their own, what did not fail ended well. */
function completeStep(step: JobStep): Measured[] {
  const { submitted, failed } = step
  if (submitted === null || failed === null) return []
  return [{ ...step, submitted, failed, completed: step.completed ?? Math.max(0, submitted - failed) }]
}

/** The longest run of newest steps that all hold more failing submissions than what came before explains. */
function longestSpan(measured: readonly Measured[]): Measured[] {
  const most = Math.min(longestSteps, measured.length - stepsBefore)
  let longest: Measured[] = []
  for (let length = 1; length <= most; length++) {
    const usual = usualOf(before(measured, length))
    const span = measured.slice(-length)
    if (span.every((step) => isExcess(step, usual))) longest = span
  }
  return longest
}

function before(measured: readonly Measured[], length: number): Measured[] {
  return measured.slice(-length - stepsBefore, -length)
}

/** Submissions beyond those that end well, and beyond the failures that usually come with them. */
function excessOf(step: Measured, { failedPerCompleted }: Usual): number {
  return step.submitted - step.completed * (1 + failedPerCompleted)
}

function isExcess(step: Measured, usual: Usual): boolean {
  const excess = excessOf(step, usual)
  if (excess < leastExcess * usual.submitted || step.submitted <= usual.submitted) return false
  return step.failed - step.completed * usual.failedPerCompleted >= leastFailedShare * excess
}

function isHarm(evidence: HarmEvidence, span: readonly Measured[], earlier: readonly Measured[]): boolean {
  const { completedNow, completedBefore, distinctNow, queuedBefore = null } = evidence
  if (completedNow > mostCompletedRise * completedBefore || fillsRoom(span, earlier)) return false
  if (waits(span, queuedBefore) || waits(span.slice(-fewestSteps), queuedBefore)) return false
  if (distinctNow !== null) return isOneThing(evidence)
  const queueKnown = span.some(({ queued }) => queued !== null)
  const unharmed = completedNow >= leastCompletedShare * completedBefore
  return queueKnown && unharmed && span.length >= regularSteps && evidence.excessVariation <= mostVariation
}

/** Whether more ends well from the first step of a span on than right before it. */
function fillsRoom(span: readonly Measured[], earlier: readonly Measured[]): boolean {
  const count = Math.min(span.length, onsetSteps)
  const from = usualOf(earlier.slice(-count)).completed
  return usualOf(span.slice(0, count)).completed > mostOnsetRise * from
}

/** Whether more waits than is soon done, and more than waited before; not where queues are not measured. */
function waits(steps: readonly Measured[], queuedBefore: number | null): boolean {
  const queued = meanOf(steps, (step) => step.queued)
  if (queued === null) return false
  return queued > Math.max(mostWaitSeconds * usualOf(steps).completed, mostWaitRise * (queuedBefore ?? 0))
}

/** Whether fewer submissions differ, as a share, and no more of them by count. */
function isOneThing({ distinctNow, distinctBefore, submittedNow, submittedBefore }: HarmEvidence): boolean {
  if (distinctNow === null || distinctBefore === null) return false
  if (distinctNow > mostDistinct || distinctNow > distinctDrop * distinctBefore) return false
  return distinctNow * submittedNow <= mostDistinctRise * distinctBefore * submittedBefore
}

/** A step that a loop began in the midst of is half of what was meant: any fall of the distinct share makes it suspect. */
function isSuspect({ distinctNow, distinctBefore }: HarmEvidence): boolean {
  return distinctNow !== null && distinctBefore !== null && distinctNow <= suspectDrop * distinctBefore
}

function weigh(span: readonly Measured[], earlier: readonly Measured[], since: Date): HarmEvidence {
  const usual = usualOf(earlier)
  const now = usualOf(span)
  const over = span.map((step) => excessOf(step, usual))
  const excess = over.reduce((sum, value) => sum + value, 0) / over.length
  const spread = Math.sqrt(over.reduce((sum, value) => sum + (value - excess) ** 2, 0) / over.length)
  const failed = now.failed - now.completed * usual.failedPerCompleted
  const numbers = {
    since: since.toISOString(),
    steps: span.length,
    stepsBefore: earlier.length,
    submittedBefore: usual.submitted,
    submittedNow: now.submitted,
    completedBefore: usual.completed,
    completedNow: now.completed,
    failedBefore: usual.failed,
    failedNow: now.failed,
    excess,
    excessFailedShare: Math.min(1, Math.max(0, failed / excess)),
    distinctBefore: meanOf(earlier, ({ distinct }) => distinct),
    distinctNow: meanOf(span, ({ distinct }) => distinct),
    excessVariation: spread / excess,
    queuedBefore: meanOf(earlier, ({ queued }) => queued),
  }
  return { ...numbers, words: describeHarm(numbers) }
}

function usualOf(steps: readonly Measured[]): Usual {
  let [submitted, completed, failed] = [0, 0, 0]
  for (const step of steps) {
    submitted += step.submitted / steps.length
    completed += step.completed / steps.length
    failed += step.failed / steps.length
  }
  return { submitted, completed, failed, failedPerCompleted: completed > 0 ? failed / completed : 0 }
}

function meanOf(steps: readonly Measured[], read: (step: Measured) => number | null): number | null {
  const values = steps.flatMap((step) => read(step) ?? [])
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
