import { z } from 'zod'
import type { ApprovalBinding, DispatchStateName } from '../governance/contract.ts'
import { getDecision } from '../governance/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { beginAttempt } from './attempt.ts'
import { claim, LeaseLostError } from './lease.ts'
import { type DispatchSettings, defaultSettings } from './settings.ts'
import { start } from './start.ts'
import type { Run } from './step.ts'
import { verify } from './verify.ts'
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
 * 2. *Nobody else's.* `dispatch.sent` is committed before each write, under the fencing token. Before it, any other
 *    version is somebody else's and ends the dispatch; after it, the approved set-point at another version is ours.
 * 3. *At least one.* The state and its next job commit together, a dead worker's job is delivered again, and the sweep
 *    finds what no job carries. Each delivery reads the target first (`judge`): approved version → nothing happened,
 *    write; set-point stands → applied; anything else → failed, in words. There is no state from which none follows.
 * 4. *Only what was approved.* The set-point is absolute and comes from an `ApprovedPlan`. `redeem` uses the approval up
 *    in the transaction that leaves `pending`; `resume` hands the plan out in the transaction that lets a write go, and
 *    looks at policy, bounds and prices once more. What is read here before that only decides where to look.
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
  const run: Run = { ctx, lease: claimed.lease, settings, state: claimed.lease.state }
  try {
    await carryOut(run)
    return { kind: 'ran', state: run.state }
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error
    ctx.log.warn({ decisionId }, error.message)
    return { kind: 'taken-over', state: run.state }
  }
}

async function carryOut(run: Run): Promise<void> {
  const { binding } = await getDecision({ ctx: run.ctx, input: { id: run.lease.decisionId } })
  if (binding === null) throw new Error(`The approval ${run.lease.decisionId} binds nothing.`)
  if (run.state === 'pending' && !(await start(run, binding))) return
  if (run.state !== 'applied' && !(await writeAll(run, binding))) return
  await verify(run, binding)
}

/** Action by action, in the plan's order. False if the dispatch ended or paused before the last one stood. */
async function writeAll(run: Run, binding: ApprovalBinding): Promise<boolean> {
  const { actions } = binding
  for (const [index, action] of actions.entries()) {
    const attempt = await beginAttempt(run, binding, action, index === actions.length - 1)
    if (!(await writeAction(attempt))) return false
  }
  return true
}
