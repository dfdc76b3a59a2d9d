import { pauseAfter } from './settings.ts'
import { commitStep, type ReceiptInput, type Run } from './step.ts'

/** Ends what somebody else said with one full stop, so that our own words can follow. */
export function sentence(words: string): string {
  return `${words.trim().replace(/[.\s]+$/, '')}.`
}

/** What a stumble leaves: whether a write of ours may be under way, and whether trying again can help at all. */
export type Stumble = { note: string; maySent: boolean; forGood: boolean; receipts?: ReceiptInput[] }

/** Ends the dispatch, saying why in words for a person. */
export async function fail(run: Run, note: string, receipts: ReceiptInput[] = []): Promise<void> {
  await commitStep(run, {
    to: 'failed',
    note,
    receipts,
    audit: { action: 'dispatch.failed', body: { note } },
  })
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
 * Something was in the way. If a write may have been sent, only reading back can settle it: the dispatch is `unknown`
 * until then, however long that takes. Otherwise surely nothing changed: tried again for a while, then failed.
 */
export async function stumble(
  run: Run,
  { maySent, forGood, receipts = [], ...said }: Stumble,
): Promise<void> {
  const note = sentence(said.note)
  const { ctx, lease, settings } = run
  if (maySent) {
    await commitStep(run, {
      to: 'unknown',
      note: `${note} The write may have reached the target; this is settled by reading it back.`,
      receipts,
      againInSeconds: pauseAfter(lease.attempts, settings),
      audit: run.state === 'unknown' ? undefined : { action: 'dispatch.unknown', body: { note } },
    })
    return
  }
  const ageSeconds = (ctx.clock.now().getTime() - lease.createdAt.getTime()) / 1_000
  if (forGood || ageSeconds > settings.giveUpSeconds) {
    await fail(run, `${note} Nothing was changed.`, receipts)
    return
  }
  await pause(
    run,
    pauseAfter(lease.attempts, settings),
    `${note} Nothing was changed; it is tried again.`,
    receipts,
  )
}
