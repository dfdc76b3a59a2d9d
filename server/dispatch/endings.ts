import { type Action, controlOf, serves } from '../plan/contract.ts'
import { inverseOf } from './attempt.ts'
import { type Leg, movedLegs, standingWords, stands } from './legs.ts'
import { pauseAfter } from './settings.ts'
import { commitStep, type ReceiptInput, type Run } from './step.ts'

/** Ends what somebody else said with one full stop, so that our own words can follow. */
export function sentence(words: string): string {
  return `${words
    .toWellFormed()
    .trim()
    .replace(/[.\s]+$/, '')}.`
}

/** `position`: the action that failed; none where nothing was begun yet. */
export type Failure = {
  note: string
  receipts?: ReceiptInput[]
  position?: number
  /** Nothing is taken back: what was added stays. */
  stays?: boolean
  /** It was not turned down but could not be delivered: a person may have it tried again. */
  dead?: boolean
}

/**
 * An action failed, in words for a person. Where the approval covers it, what was applied before it is taken back; otherwise
 * the dispatch ends here, saying what stands where.
 */
export async function fail(run: Run, { note, receipts = [], position, stays, dead }: Failure): Promise<void> {
  const legs = position === undefined ? [] : run.legs
  const takesBack = !stays && run.state !== 'rolling_back' && mayTakeBack(run, legs)
  const standing = legs.length > 1 && !takesBack ? standingWords(legs) : ''
  const words = [note, standing].filter(Boolean).join(' ')
  const audit = { action: takesBack ? 'dispatch.rolling-back' : 'dispatch.failed', body: { note: words } }
  const to = takesBack ? 'rolling_back' : 'failed'
  const aside = dead && !takesBack ? { dead: { position: position ?? null } } : {}
  const failed = position === undefined ? [] : movedLegs(run, [position], { state: 'failed', note })
  await commitStep(run, { to, note: words, receipts, audit, ...aside, legs: failed })
}

/**
 * Whether anything stands that the approval says how to take back. What only adds capacity is each of use without the
 * others: a rise that came is not undone because another one did not.
 */
function mayTakeBack(run: Run, legs: readonly Leg[]): boolean {
  const inverse = inverseOf(run)
  const standing = legs.filter(stands)
  if (inverse === null || standing.length === 0) return false
  if (legs.every(({ action }) => isRise(action))) return false
  return standing.every(({ action }) => inverse.some(({ targetId }) => targetId === action.targetId))
}

function isRise({ kind, fromReplicas, toReplicas }: Action): boolean {
  return serves({ control: controlOf[kind] }) && toReplicas > fromReplicas
}

/**
 * What a stumble leaves: whether a write of ours may be under way, whether trying again by itself can help at all, and, where it
 * cannot, whether it can once a person has set something right. `retryInSeconds`: not before then. `noLaterThan`: but by then at
 * the latest.
 */
export type Stumble = Omit<Failure, 'dead'> & {
  maySent: boolean
  forGood: boolean
  redrivable: boolean
  retryInSeconds?: number
  noLaterThan?: Date
}

/** Gives the dispatch back and comes again later. */
export async function pause(
  run: Run,
  seconds: number,
  note: string,
  receipts: ReceiptInput[] = [],
): Promise<void> {
  await commitStep(run, { note, receipts, againInSeconds: seconds })
}

/**
 * All dispatch is stopped: it stands still where it is, with what stands as it stands, and looks again from time to time.
 * Who lets dispatch go on has it delivered at once.
 */
export async function pauseAtGate(run: Run, why: string, maySent = false): Promise<void> {
  const { ctx, lease, settings } = run
  const { haltedAt } = await ctx.db.dispatch.findUniqueOrThrow({ where: { id: lease.dispatchId } })
  const sent = maySent ? 'What was sent before may still take effect; it is read back.' : ''
  const stands = standingWords(run.legs)
  const note = [sentence(why), stands, sent || (stands ? '' : 'Nothing was changed.')]
    .filter(Boolean)
    .join(' ')
  const step = { note, againInSeconds: settings.longestPauseSeconds }
  const audit = { action: 'dispatch.halted', body: { note } }
  await commitStep(run, haltedAt === null ? { ...step, halted: true, audit } : step)
}

/**
 * Something was in the way. If a write may have been sent, only reading back can settle it: the dispatch waits for that, and for
 * a person where it takes too long. Otherwise surely nothing changed: tried again for a while, then failed.
 */
export async function stumble(run: Run, stumbled: Stumble): Promise<void> {
  const { forGood, redrivable, receipts = [], position, stays, retryInSeconds = 0, noLaterThan } = stumbled
  if (stumbled.maySent) return stayUnclear(run, stumbled)
  const note = sentence(stumbled.note)
  const { ctx, lease, settings } = run
  const progressAt = position === undefined ? lease.createdAt : lastProgressAt(run)
  const since = Math.max(progressAt.getTime(), lease.redrivenAt?.getTime() ?? 0)
  const ageSeconds = (ctx.clock.now().getTime() - since) / 1_000
  if (forGood || (ageSeconds > settings.giveUpSeconds && !(await wasAskedToWait(run, ageSeconds)))) {
    const dead = redrivable && !stays
    await fail(run, { note: `${note} Nothing was changed.`, receipts, position, stays, dead })
    return
  }
  const untilThen = noLaterThan ? (noLaterThan.getTime() - ctx.clock.now().getTime()) / 1_000 : Infinity
  const waits = Math.max(pauseAfter(lease.attempts, settings, lease.decisionId), retryInSeconds)
  const seconds = Math.min(waits, Math.max(1, untilThen))
  await pause(run, seconds, `${note} Nothing was changed; it is tried again.`, receipts)
}

/** A target that asked to be left alone is given as long again once that is over; not for ever, if it goes on asking. */
async function wasAskedToWait({ ctx, settings, binding }: Run, ageSeconds: number): Promise<boolean> {
  const { giveUpSeconds } = settings
  if (ageSeconds > 3 * giveUpSeconds) return false
  const since = new Date(ctx.clock.now().getTime() - giveUpSeconds * 1_000)
  const targets = { some: { id: { in: binding.targets.map(({ targetId }) => targetId) } } }
  return (
    (await ctx.db.connectionGate.count({ where: { connection: { targets }, pausedUntil: { gt: since } } })) >
    0
  )
}

/** `unknown`, until it can be read back; after a while a dead letter, since a target that never answers is for people. */
async function stayUnclear(run: Run, stumbled: Stumble): Promise<void> {
  const { receipts = [], position, retryInSeconds = 0 } = stumbled
  const { ctx, lease, settings } = run
  const note = sentence(stumbled.note)
  const now = ctx.clock.now()
  const unclearSeconds = (now.getTime() - (run.unclearSince ?? now).getTime()) / 1_000
  // What is taken back stays what it is: the read-back settles both ways alike.
  const to = run.state === 'rolling_back' ? {} : { to: 'unknown' as const }
  if (unclearSeconds > settings.unknownSeconds) {
    const words =
      `${note} A write may have reached the target, and for ${Math.round(unclearSeconds / 60)} minutes nobody could read ` +
      'back whether it did. Look at the target, then have it tried again or give it up.'
    const audit = { action: 'dispatch.dead-letter', body: { note: words } }
    const dead = { position: position ?? null }
    await commitStep(run, { ...to, unclear: true, receipts, note: words, dead, audit })
    return
  }
  await commitStep(run, {
    ...{ ...to, unclear: true, receipts },
    note: `${note} The write may have reached the target; this is settled by reading it back.`,
    againInSeconds: Math.max(pauseAfter(lease.attempts, settings, lease.decisionId), retryInSeconds),
    audit: run.state === 'unknown' ? undefined : { action: 'dispatch.unknown', body: { note } },
  })
}

/** When the dispatch last got somewhere: a later stage has its own time, whatever the earlier ones took. */
function lastProgressAt({ lease, legs }: Run): Date {
  const { createdAt, rollingBackAt } = lease
  const times = legs.flatMap(({ row }) => [row.appliedAt, row.verifiedAt, row.takenBackAt])
  return [rollingBackAt, ...times].reduce<Date>(
    (last, at) => (at !== null && at > last ? at : last),
    createdAt,
  )
}
