import { z } from 'zod'
import type { DispatchStateName } from '../governance/contract.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { beginAttempt } from './attempt.ts'
import { type Gates, settleGates } from './gate.ts'
import { readKnown } from './known.ts'
import { claim, keepAlive, LeaseLostError } from './lease.ts'
import { stagesOfLegs } from './legs.ts'
import { type DispatchSettings, defaultSettings } from './settings.ts'
import { type Opening, start } from './start.ts'
import type { Run } from './step.ts'
import { takeBack } from './take-back.ts'
import { verifyStage } from './verify.ts'
import { writeAction } from './write.ts'

const runDispatchInput = z.object({ decisionId: z.uuid() })

/** `ran`: this call carried it on. The others left it alone: it is over, has a later job, or another worker has it. */
export type RunResult = {
  kind: 'ran' | 'settled' | 'waiting' | 'busy' | 'taken-over'
  state: DispatchStateName
}

/**
 * Carries out one approved decision, or goes on where a worker died. Jobs may be delivered any number of times, in
 * parallel; each call does what the stored state allows and ends without waiting.
 *
 * Why there is exactly one effect, wherever a process dies:
 *
 * 1. *At most one.* A write carries the lock of an observation whose version was the approved one, and the target
 *    takes it only if nothing was written since. Whatever write is taken moves the version, and a version never comes
 *    back; so no second observation at the approved version exists, and no second write can hold. This needs neither
 *    lease nor queue: it holds for zombies, duplicates and requests that a network delivers late.
 * 2. *Nobody else's.* `dispatch.sent` is committed before each write, under the fencing token; where the first one passed its
 *    dry run, in the commit that redeems the approval. Before it, any other version is somebody else's and ends the dispatch; after it, the
 *    approved set-point at another version of the same object is ours, also where the target answered that it was in conflict.
 * 3. *At least one.* The state and its next job commit together, a dead worker's job is delivered again, and the sweep
 *    finds what no job carries. Each delivery reads the target first (`judge`): approved version → nothing happened,
 *    write; set-point stands → applied; anything else → failed, in words. There is no state from which none follows. Nor is it
 *    said too early that nothing was changed: while a write that was not answered may still land (`mayLandSeconds`), a target at
 *    the approved version proves nothing of the future, and what may not be written any more stays `unknown` and is read again.
 * 4. *Only what was approved.* The set-point is absolute and comes from an `ApprovedPlan`. `redeem` uses the approval up
 *    in the transaction that leaves `pending` and may let the first write go; `resume` hands the plan out in the transaction that
 *    lets any other go, and looks at policy, bounds, prices and the parallel peak once more. A plan redeemed a moment ago by
 *    the same go is not judged again, but the switch that stops all dispatch is asked in every such transaction. What is read
 *    or rehearsed here before that only decides where to look, and whether a write is worth letting go.
 * 5. *In order.* An action of a stage is written only when every action of the earlier ones has its row `verified`, and a
 *    row says so only in the commit of a look that saw its set-point stand and ready. Rows move with receipts and state in
 *    one commit, so whoever goes on finds where each action stands.
 * 6. *Back at most once, and only ours.* `rolling_back` is left for `rolled_back` or `failed` alone, so nothing is written
 *    forward any more. What takes an action back comes from the inverse that the approval binds, and is a write like any
 *    other under 1 to 3: its precondition is the version that our own write left, its receipts are its own (`undo-…`), and
 *    its key at the target is another one. Where the version is another, somebody else was there, and it stays.
 *
 * @throws NotFoundError, ConflictError if the decision approves nothing. Errors of the database are thrown for the
 *   queue to deliver again; the lease then runs out by itself.
 */
export async function runDispatch(
  { ctx, input }: Verb<{ decisionId: string }>,
  settings: DispatchSettings = defaultSettings,
): Promise<RunResult> {
  authorise(ctx, 'dispatch.run')
  const { decisionId } = parseInput(runDispatchInput, input, 'dispatch job')
  const claimed = await claim(ctx, decisionId, settings)
  if (claimed.kind === 'busy') {
    // If its holder has died, nobody else may come for it before the sweep does.
    const startAfterSeconds = Math.ceil(claimed.freeInSeconds) + 1
    await transact(ctx, (tx) =>
      ctx.queue.send(tx, 'dispatch', { decisionId }, { startAfterSeconds, key: decisionId }),
    )
    return { kind: 'busy', state: claimed.state }
  }
  if (claimed.kind !== 'held') return claimed
  const { lease } = claimed
  const gates: Gates = new Map()
  const run: Run = {
    ...{ ctx, lease, settings, state: lease.state, gates, unclearSince: lease.unknownAt },
    ...{ ...(await readKnown(ctx, lease)), redeemed: null, seen: new Map() },
  }
  const stopBeating = keepAlive(ctx, lease, settings)
  try {
    await carryOut(run)
    return { kind: 'ran', state: run.state }
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error
    ctx.log.warn({ decisionId }, error.message)
    return { kind: 'taken-over', state: run.state }
  } finally {
    stopBeating()
    await settleGates(ctx, gates)
  }
}

async function carryOut(run: Run): Promise<void> {
  const begun = run.state === 'pending' ? await start(run) : { opening: null }
  if (begun === null) return
  if (!isRollingBack(run)) await goForward(run, begun.opening)
  if (isRollingBack(run)) await takeBack(run)
}

const isRollingBack = ({ state }: Run): boolean => state === 'rolling_back'

/** Stage by stage, action by action; ends where the dispatch is over, waits, or has to be taken back. */
async function goForward(run: Run, opening: Opening | null): Promise<void> {
  const stages = stagesOfLegs(run.legs)
  for (const [index, legs] of stages.entries()) {
    if (legs.every(({ row }) => row.state === 'verified')) continue
    const last = index === stages.length - 1
    const unwritten = legs.filter(({ row }) => row.state === 'waiting')
    for (const leg of unwritten) {
      const completes = leg !== unwritten.at(-1) ? 'action' : last ? 'plan' : 'stage'
      const attempt = beginAttempt(run, leg, completes)
      const opened = opening?.position === leg.row.position ? opening : null
      if (!(await writeAction(attempt, opened))) return
    }
    const positions = legs.map(({ row }) => row.position)
    const written = run.legs.filter(({ row }) => positions.includes(row.position))
    if (!(await verifyStage(run, { legs: written, way: 'forward', last }))) return
  }
}
