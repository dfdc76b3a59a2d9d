import type { ReceiptView } from '../../server/dispatch/contract.ts'
import type { MeasuredPoint } from '../charts/fan.ts'

/**
 * Ready replicas of some targets together, as dispatch read them when it carried a decision out: a step at each reading that is another
 * than the one before, from when all of them were read. Empty where no receipt says.
 */
export function readyRead(
  receipts: readonly Pick<ReceiptView, 'targetId' | 'response' | 'at'>[],
  targetIds: readonly string[],
): MeasuredPoint[] {
  const known = new Map<string, number>()
  const points: MeasuredPoint[] = []
  for (const { targetId, response, at } of receipts) {
    const ready = readyIn(response)
    if (ready === null || !targetIds.includes(targetId)) continue
    known.set(targetId, ready)
    if (known.size < new Set(targetIds).size) continue
    const value = [...known.values()].reduce((sum, one) => sum + one, 0)
    const [moment, before] = [Date.parse(at), points.at(-1)?.value]
    if (before !== undefined && before !== value) points.push({ at: moment, value: before })
    points.push({ at: moment, value })
  }
  return points
}

function readyIn(response: unknown): number | null {
  if (typeof response !== 'object' || response === null || !('readyReplicas' in response)) return null
  return typeof response.readyReplicas === 'number' ? response.readyReplicas : null
}
