import type { PlanInput, ShiftHour, ShiftSchedule } from '../contract.ts'
import { grams, usd } from '../rules/words.ts'
import { amount, clock, span } from '../sentences.ts'

/** One line: what, where, why. */
export function shiftSummary(input: PlanInput, to: number, shift: ShiftSchedule, held: number): string {
  const { capacity, workload } = input
  const change = `${workload.name}: ${capacity.desiredReplicas} → ${to} replicas on ${capacity.domain.name}`
  if (to > capacity.desiredReplicas) return `${change}, work that waited is done from ${from(shift, held)}`
  const served = servedFrom(shift)
  return served === null ? `${change}, the work can wait` : `${change}, work waits until ${clock(served.at)}`
}

/** Plain sentences, most important first. */
export function shiftReasons(input: PlanInput, to: number, shift: ShiftSchedule, held: number): string[] {
  const rises = to > input.capacity.desiredReplicas
  return [
    rises ? riseSentence(input, to, shift, held) : waitSentence(shift),
    `${savingWords(shift)} against serving it as it comes; ${waitWords(shift)}.`,
    'The chance that demand passes capacity counts work that waits on purpose, not work that is late.',
  ]
}

function waitSentence(shift: ShiftSchedule): string {
  const served = servedFrom(shift)
  const [first] = shift.hours
  if (served === null || first === undefined)
    return `What comes in is served with less; all is done by ${clock(shift.doneBy)}.`
  return (
    `${servedWords(first)} of ${first.at.slice(11, 16)}–${clock(served.at)} waits until ${clock(served.at)}, ` +
    `${betterWords(first, served)}; all of it is done by ${clock(shift.doneBy)}.`
  )
}

function riseSentence(input: PlanInput, to: number, shift: ShiftSchedule, held: number): string {
  const [first] = shift.hours
  const then = shift.hours[held]
  const why = first && then ? `, ${betterWords(first, then)}` : ''
  const waits = (shift.hours[held - 1]?.backlog ?? 0) > 0
  const what = waits
    ? `${amount(shift.hours[held - 1]?.backlog ?? 0)} units that wait then are`
    : 'what comes in is'
  return (
    `${to} replicas are ready (p90) for ${from(shift, held)}${why}: ${what} done by ${clock(shift.doneBy)}. ` +
    `New capacity takes up to ${span(input.capacity.offering.leadTimeP90Seconds)}.`
  )
}

function servedWords({ replicas }: ShiftHour): string {
  return replicas === 0
    ? 'Work'
    : `What ${replicas} ${replicas === 1 ? 'replica does' : 'replicas do'} not serve`
}

/** The first hour in which more is done than comes in; null where nothing waits. */
function servedFrom({ hours }: ShiftSchedule): ShiftHour | null {
  const i = hours.findIndex(({ backlog }, k) => k > 0 && backlog < (hours[k - 1]?.backlog ?? 0))
  return hours[i] ?? null
}

function betterWords(now: ShiftHour, then: ShiftHour): string {
  const cheaper = now.pricePerReplicaHourUsd - then.pricePerReplicaHourUsd
  const greener = now.carbonGPerReplicaHour - then.carbonGPerReplicaHour
  if (cheaper > 0) return `when an hour of a replica costs ${usd(cheaper)} less`
  if (greener > 0) return `when an hour of a replica emits ${grams(greener)} of CO₂ less`
  return 'before it would be late'
}

function savingWords({ savesUsd, savesCarbonG }: ShiftSchedule): string {
  const money = `Saves ${usd(Math.max(0, savesUsd))}`
  if (savesCarbonG === 0) return money
  return `${money} and ${savesCarbonG > 0 ? '' : 'emits '}${grams(Math.abs(savesCarbonG))} of CO₂${savesCarbonG > 0 ? '' : ' more'}`
}

function waitWords({ longestWaitSeconds: longest, allowedWaitSeconds: allowed }: ShiftSchedule): string {
  if (longest === null) return 'some of it is not done within the forecast'
  const words = `the longest wait is ${span(longest)} of ${span(allowed)} allowed`
  return longest > allowed ? `${words}, and that cannot be helped any more` : words
}

function from(shift: ShiftSchedule, held: number): string {
  return clock(shift.hours[held]?.at ?? shift.doneBy)
}
