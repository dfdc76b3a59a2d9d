import { sentences as explained } from '../../forecast/index.ts'
import {
  type Action,
  type CapacitySnapshot,
  type Effect,
  type PlanContent,
  type PlanInput,
  type Purpose,
  serves,
} from '../contract.ts'
import { stagesOf } from '../rules/moments.ts'
import { placeOf } from '../rules/of-input.ts'
import { grams, usd } from '../rules/words.ts'
import { amount, percent, quantileSentence, span, surgeSentence } from '../sentences.ts'
import type { Solution } from './problem.ts'

export type SagaStory = {
  input: PlanInput
  /** The other workloads that take part. */
  others?: readonly PlanInput[]
  pools: readonly CapacitySnapshot[]
  actions: readonly Action[]
  purpose: Purpose
  effect: Effect
  evidence: PlanContent['evidence']
  /** What the solver proved; null where a person chose the levels. */
  solution: Pick<Solution, 'gap' | 'method' | 'timeStruck'> | null
  /** What was held back, in words. */
  cuts: readonly string[]
  /** Rules that cannot all be kept, in words. */
  conflict: readonly string[]
}

/** One line: what, where, why. */
export function sagaSummary(story: SagaStory): string {
  const { input, others = [], pools, actions } = story
  const steps = actions.map((action) => {
    const pool = poolOf(pools, action)
    const market = pool === undefined ? '' : ` ${pool.offering.market.replace('_', ' ')}`
    const whose = nameOf(others, action)
    const unit = action.kind === 'allocate' ? ' nodes' : ''
    return `${action.fromReplicas} → ${action.toReplicas}${unit}${whose === null ? '' : ` of ${whose}`} on ${action.domainName}${market}`
  })
  const shown = steps.length > 3 ? [...steps.slice(0, 2), `${steps.length - 2} more`] : steps
  return `${input.workload.name}: ${shown.join(', ')}, ${whyOf(story)}`
}

function whyOf(story: SagaStory): string {
  const { purpose, evidence, actions } = story
  const { surge } = evidence
  if (surge !== null) return `${percent(surge.probability)} surge at ${surge.startsAt.slice(11, 16)} UTC`
  if (purpose === 'shift') return 'the work fits into a better hour'
  const rises = actions.some(({ fromReplicas, toReplicas }) => toReplicas > fromReplicas)
  const falls = actions.some(({ fromReplicas, toReplicas }) => toReplicas < fromReplicas)
  return rises && falls ? tradeOf(story) : 'as the forecast needs'
}

/** What is had for what, where capacity rises at one pool and falls at another. */
function tradeOf({ input, pools, actions, purpose, effect }: SagaStory): string {
  const { workload } = input
  let [before, after] = [0, 0]
  for (const action of actions) {
    const pool = poolOf(pools, action)
    if (pool === undefined || !serves(pool) || (pool.workloadId ?? workload.id) !== workload.id) continue
    before += action.fromReplicas * pool.capacityPerReplica
    after += action.toReplicas * pool.capacityPerReplica
  }
  const [was, is] = [amount(before), amount(after)]
  const what =
    was === is ? 'the same capacity' : `${is} instead of ${was} ${workload.unit} of capacity on these pools`
  const change = effect.costChangePerHourUsd
  const price =
    Math.abs(change) < 0.005
      ? 'at the same cost'
      : `for ${usd(Math.abs(change))}/h ${change > 0 ? 'more' : 'less'}`
  const where = purpose === 'migrate' ? ' elsewhere' : purpose === 'market' ? ' on another market' : ''
  return `${what} ${price}${where}`
}

/** Plain sentences, most important first; every number stands in the evidence or in the effect too. */
export function sagaReasons(story: SagaStory): string[] {
  const { input, effect, evidence, cuts, conflict } = story
  const { forecast, workload } = input
  const { surge } = evidence
  const reasons: string[] = []
  if (conflict.length > 0) {
    reasons.push(`These cannot all be kept, so nothing is made worse than it is: ${conflict.join('; ')}.`)
  }
  if (surge !== null) reasons.push(surgeSentence(surge, workload.unit, 'all pools together'))
  reasons.push(moneySentence(effect))
  reasons.push(...orderSentences(story))
  if (forecast.contributions.length > 0) {
    reasons.push(explained(forecast.contributions, forecast.baseline, workload.unit).join(' '))
  }
  reasons.push(quantileSentence(input, evidence.demandAtQuantile))
  const proof = proofSentence(story.solution)
  if (proof !== null) reasons.push(proof)
  if (cuts.length > 0) reasons.push(`Held back: ${cuts.join('; ')}.`)
  return reasons
}

function moneySentence(effect: Effect): string {
  const { costPerHourUsd: after, costChangePerHourUsd: change, peakCostPerHourUsd: peak = after } = effect
  const carbon = effect.carbonChangeGPerHour
  const green =
    carbon === 0 ? '' : `, ${grams(Math.abs(carbon))} of CO₂ an hour ${carbon > 0 ? 'more' : 'less'}`
  const most = peak > Math.max(after, after - change) + 0.005 ? `, and at most ${usd(peak)}/h on the way` : ''
  const [before, then] = [percent(effect.sloRiskBefore), percent(effect.sloRiskAfter)]
  const risk = before === then ? `stays at ${then}` : `goes from ${before} to ${then}`
  return (
    `It costs ${usd(after)}/h instead of ${usd(after - change)}/h${most}${green}; ` +
    `the chance that demand passes capacity ${risk}.`
  )
}

/** "First …", "once that stands verified …", one sentence per stage. */
function orderSentences({ others = [], pools, actions }: SagaStory): string[] {
  return stagesOf(actions).map((stage, i) => {
    const steps = stage.map((action) => {
      const pool = poolOf(pools, action)
      const rises = action.toReplicas > action.fromReplicas
      const where = pool === undefined ? action.targetName : placeOf(pool)
      const lead = rises && pool !== undefined ? ` (ready in ${span(ownLeadSeconds(pool))})` : ''
      const unit = action.kind === 'allocate' ? ' nodes' : ''
      const whose = nameOf(others, action)
      return `${action.targetName}${whose === null ? '' : ` (${whose})`} ${action.fromReplicas} → ${action.toReplicas}${unit} on ${where}${lead}`
    })
    return `${i === 0 ? 'First' : 'Once that stands verified'}: ${steps.join('; ')}.`
  })
}

/** Of replicas on nodes, the start alone: the nodes have a stage of their own, or stand. */
function ownLeadSeconds({ offering, heldBy }: CapacitySnapshot): number {
  return offering.leadTimeP50Seconds - (heldBy?.leadTimeP50Seconds ?? 0)
}

/** Whose pool an action is about, where that is another workload than the proposal's. */
function nameOf(others: readonly PlanInput[], { workloadId }: Action): string | null {
  return others.find(({ workload }) => workload.id === workloadId)?.workload.name ?? null
}

function proofSentence(solution: SagaStory['solution']): string | null {
  if (solution === null) return null
  if (solution.gap === null)
    return 'The levels come from local search; how far from the best they are is not proven.'
  const gap = solution.gap < 5e-4 ? 'the best' : `within ${amount(solution.gap * 100)}% of the best`
  const clock = solution.timeStruck ? '; the solver ran out of time' : ''
  return `The levels are proven to be ${gap} that pools, quotas and rules allow for the sampled demand${clock}.`
}

function poolOf(pools: readonly CapacitySnapshot[], { poolId }: Action): CapacitySnapshot | undefined {
  return pools.find((pool) => pool.poolId === poolId)
}
