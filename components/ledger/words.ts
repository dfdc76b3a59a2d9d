import type { LedgerEntryDetail, LedgerGrounds, LedgerKind, Worth } from '../../server/evaluation/contract.ts'
import { formatMoney, formatNumber, formatQuantity, THIN } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'

export const kindWords: Record<LedgerKind, string> = {
  approve: 'approved',
  override: 'overridden',
  reject: 'rejected',
  expire: 'expired',
}

const leadWords: Record<LedgerGrounds['leadTimeIs'], string> = {
  measured: 'as this order took',
  learned: 'as past orders took',
  declared: 'as declared',
}
const latencyWords: Record<LedgerGrounds['latencyIs'], string> = {
  telemetry: 'by a queue fitted to telemetry',
  declared: 'by a queue as declared',
  assumed: 'by a queue with half the objective as service time',
}

/** What the figures of an entry rest on, and how sure they are, in one sentence each. */
export function groundsWords({
  grounds,
  measuredLateMinutes: late,
}: Pick<LedgerEntryDetail, 'grounds' | 'measuredLateMinutes'>): string[] {
  const { steps, unmeasuredSteps, stepSeconds } = grounds
  const gaps =
    unmeasuredSteps === 0 ? '' : `; ${formatNumber(unmeasuredSteps)} of them not measured, and not counted`
  return [
    `Demand measured, in ${formatNumber(steps)} steps of ${formatDuration(stepSeconds)}${gaps}.`,
    `Latency modelled, ${latencyWords[grounds.latencyIs]}, for each course alike.`,
    late === null
      ? 'None was measured to hold that against.'
      : `Measured p99 was beyond its objective for ${formatQuantity(late, 'min')}.`,
    `Lead time ${formatDuration(grounds.leadTimeSeconds)}, ${leadWords[grounds.leadTimeIs]}.`,
    grounds.reactiveIs === 'hpa'
      ? 'Reactive: an autoscaler on offered load at 70 % utilisation, 300 s before it scales in, not tuned, of the leading pool alone; it takes over at that moment.'
      : 'No autoscaler reacts here, so it is held against doing nothing.',
  ]
}

/** "saved" and "cost", so that a sign is never all that tells them apart. */
export function worthWords({ costUsd }: Pick<Worth, 'costUsd'>): string {
  const amount = formatMoney(Math.abs(costUsd))
  if (amount === '$0.00') return 'no difference'
  return costUsd > 0 ? `saved ${amount}` : `cost ${amount}`
}

export const formatMinutes = (minutes: number): string =>
  minutes === 0 ? `±0${THIN}min` : `${minutes > 0 ? '+' : '−'}${formatQuantity(Math.abs(minutes), 'min')}`

export const formatCarbon = (grams: number): string => {
  const kg = grams / 1_000
  const text = formatNumber(Math.abs(kg), 2)
  return Number(text.replaceAll(',', '')) === 0 ? `±0${THIN}kg` : `${kg > 0 ? '+' : '−'}${text}${THIN}kg`
}
