import { setTimeout as delay } from 'node:timers/promises'
import {
  approve,
  getProposal,
  override,
  previewOverride,
  reject,
  setPolicy,
  undo,
} from '../../governance/index.ts'
import { scenePolicy, seenOf } from '../../governance/testing/scene.ts'
import type { Context } from '../../kernel/context.ts'
import { isDatabaseAway } from '../../kernel/database-away.ts'
import { ConflictError, ServiceError } from '../../kernel/errors.ts'
import type { DeploymentScene } from './deployments.ts'

/** What somebody was answered: `away`: that the database does not answer; `unclear`: any other error that is no refusal. */
export type Answer = 'ok' | 'refused' | 'away' | 'unclear'
export type Asked = {
  verb: 'approve' | 'reject' | 'counter' | 'undo' | 'policy'
  /** Of the proposal, or of the workload for a policy. */
  subject: string
  userId: string | null
  answer: Answer
  /** Of the decision, or the version of the policy, where the answer was yes. */
  id: string | null
  message: string
}

const pauseMs = 150

/**
 * People at one workload: plans come, and are approved, rejected, overridden and approved by somebody else, or undone within the
 * hold; now and then the policy is set. Goes on through every error, and keeps what was answered in `asked`.
 */
export async function peopleAtWork(
  scene: DeploymentScene,
  random: () => number,
  asked: Asked[],
  isOver: () => boolean,
): Promise<void> {
  const { operator, workloadId } = scene
  const second = await scene.person('operator')
  const admin = await scene.person('admin')
  let level = 6
  let policyVersion = 1

  async function ask(
    verb: Asked['verb'],
    ctx: Context,
    subject: string,
    act: () => Promise<{ id: string }>,
  ): Promise<string | null> {
    const userId = ctx.actor.kind === 'user' ? ctx.actor.userId : null
    try {
      const { id } = await act()
      asked.push({ verb, subject, userId, answer: 'ok', id, message: '' })
      return id
    } catch (error) {
      const answer = error instanceof ServiceError ? 'refused' : isDatabaseAway(error) ? 'away' : 'unclear'
      asked.push({ verb, subject, userId, answer, id: null, message: String(error) })
      return null
    }
  }

  async function movePolicy(): Promise<void> {
    const values = { ...scenePolicy, maxReplicas: 40 - (policyVersion % 2) }
    const input = { workloadId, values, basedOnVersion: policyVersion, reason: 'a bound is moved' }
    const set = await ask('policy', admin, workloadId, async () => ({
      id: String((await setPolicy({ ctx: admin, input })).version),
    }))
    policyVersion = set === null ? await policyOf(scene) : Number(set)
  }

  async function turn(): Promise<void> {
    scene.clock.set(new Date())
    await scene.see()
    await scene.freshForecast()
    level = Math.min(36, Math.max(3, level + Math.ceil(random() * 6) * (random() < 0.6 ? 1 : -1)))
    const proposed = await scene.publish(await scene.planned(level))
    if (proposed.kind === 'held') return
    const proposal = await getProposal({ ctx: operator, input: { id: proposed.proposalId } })
    const seen = seenOf(proposal)
    const kind = random()
    if (kind < 0.15) {
      const input = { ...seen, reason: 'not now' }
      await ask('reject', operator, proposal.id, () => reject({ ctx: operator, input }))
      return movePolicy()
    }
    if (kind < 0.35) {
      const chosen = { proposalId: proposal.id, toReplicas: level + 1 }
      const { contentHash } = await previewOverride({ ctx: second, input: chosen })
      const input = { ...seen, ...chosen, previewHash: contentHash, reason: 'one more' }
      await ask('counter', second, proposal.id, () => override({ ctx: second, input }))
    }
    const now = await getProposal({ ctx: operator, input: { id: proposal.id } })
    const decisionId = await ask('approve', operator, proposal.id, () =>
      approve({ ctx: operator, input: seenOf(now) }),
    )
    if (decisionId !== null && kind > 0.85) {
      await ask('undo', second, proposal.id, async () => {
        await undo({ ctx: second, input: { decisionId } })
        return { id: decisionId }
      })
    }
    // What was approved under the policy of before is void.
    if (random() < 0.05) await movePolicy()
  }

  while (!isOver()) {
    // What a turn reads before it asks for something may fail as well; the next turn reads it again.
    await turn().catch(() => undefined)
    await delay(pauseMs * (1 + random()))
  }
}

async function policyOf({ system, workloadId }: DeploymentScene): Promise<number> {
  const { _max } = await system.db.workloadPolicy.aggregate({
    where: { workloadId },
    _max: { version: true },
  })
  if (_max.version === null) throw new ConflictError('There is no policy.')
  return _max.version
}
