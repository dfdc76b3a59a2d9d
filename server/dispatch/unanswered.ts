import type { Tx } from '../kernel/db.ts'
import { mayLandAfter, noEffect } from './attempt.ts'
import type { DispatchSettings } from './settings.ts'

/**
 * A write of what was approved that was never answered, nor read to stand or to have had no effect: its target, and until when it
 * may still be taken. Null if there is none.
 */
export async function unansweredWrite(
  tx: Tx,
  dispatchId: string,
  settings: DispatchSettings,
): Promise<{ targetName: string; until: Date } | null> {
  const unwritten = await tx.dispatchAction.findMany({ where: { dispatchId, appliedAt: null } })
  for (const { targetId } of unwritten) {
    const writes = await tx.receipt.findMany({
      where: { dispatchId, targetId, step: 'apply' },
      select: { outcome: true, at: true },
    })
    const sent = writes.filter(({ outcome }) => outcome === 'sent')
    const answered = writes.filter(({ outcome }) => answers.has(outcome))
    if (sent.length <= answered.length) continue
    const { name: targetName } = await tx.target.findUniqueOrThrow({ where: { id: targetId } })
    return { targetName, until: mayLandAfter({ settings }, Math.max(...sent.map(({ at }) => at.getTime()))) }
  }
  return null
}

const answers = new Set(['refused', 'retryable', 'conflict', noEffect])
