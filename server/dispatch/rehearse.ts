import type { RehearsedAction } from '../governance/contract.ts'
import { dueRehearsals, keepRehearsal } from '../governance/index.ts'
import { authorise, type Context } from '../kernel/context.ts'
import { type Action, controlOf } from '../plan/contract.ts'
import type { DryRunOutcome } from './contract.ts'
import { type Gates, settleGates } from './gate.ts'
import { lookThrough } from './open-target.ts'
import { levelWords } from './wording.ts'

/** No more are begun after this: the job comes again. */
const longestMs = 20_000

/**
 * Asks the targets of what waits for a decision whether they would take it, by a server-side dry run that changes nothing, so that
 * who decides sees the answer. Through the same gate as every other request. Returns how many proposals were asked about.
 */
export async function rehearseWaiting({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'dispatch.run')
  const began = ctx.clock.now().getTime()
  let asked = 0
  for (const { proposalId, contentHash, binding } of await dueRehearsals({ ctx })) {
    if (ctx.clock.now().getTime() - began > longestMs) break
    const gates: Gates = new Map()
    const actions: RehearsedAction[] = []
    try {
      for (const [position, action] of binding.actions.entries()) {
        const bound = binding.targets.find(({ targetId }) => targetId === action.targetId)
        const said = await ask(ctx, gates, proposalId, action, bound?.observedVersion ?? null)
        actions.push({ position, targetId: action.targetId, ...said, at: ctx.clock.now().toISOString() })
      }
    } finally {
      await settleGates(ctx, gates)
    }
    await keepRehearsal({ ctx, input: { proposalId, contentHash, actions } })
    asked++
  }
  return asked
}

type Said = Pick<RehearsedAction, 'verdict' | 'message' | 'observedVersion'>

const verdictOf: Record<DryRunOutcome['kind'], Said['verdict']> = {
  accepted: 'accepted',
  refused: 'refused',
  conflict: 'moved',
  retryable: 'unclear',
  unknown: 'unclear',
}

async function ask(
  ctx: Context,
  gates: Gates,
  proposalId: string,
  action: Action,
  boundVersion: string | null,
): Promise<Said> {
  const look = await lookThrough(ctx, gates, action.targetId)
  if (look.kind === 'unseen')
    return { verdict: look.forGood ? 'refused' : 'unclear', message: look.message, observedVersion: null }
  const { adapter, observation } = look
  const { version, lock } = observation
  if (version !== boundVersion) {
    const now = levelWords({ action, adapter }, observation.desiredReplicas)
    const message = `It was changed since the plan: it is set to ${now}.`
    return { verdict: 'moved', message, observedVersion: version }
  }
  const outcome = await adapter.dryRun(lock, {
    replicas: action.toReplicas,
    control: controlOf[action.kind],
    final: action.kind === 'cancel',
    dispatchId: `rehearsal/${proposalId}`,
    fencingToken: 0,
  })
  const message = outcome.kind === 'accepted' ? null : outcome.message
  return { verdict: verdictOf[outcome.kind], message, observedVersion: version }
}
