import { parentPort } from 'node:worker_threads'
import {
  clairvoyant,
  type ReplayPolicy,
  replay,
  sceneOf,
  sharingForecasts,
  type Trace,
} from '../evaluation/index.ts'
import type { PlanCase } from './bench-plan-cases.ts'

/** What one policy came to on one case and penalty ratio. */
export type PolicyResult = { cost: number; violationShare: number; churn: number }
export type PlanResult = {
  part: PlanCase['part']
  series: string
  stepSeconds: number
  leadSeconds: number
  approvalSeconds: number
  ratio: number
  /** Steps that are scored. */
  steps: number
  seasonal: boolean
  clairvoyantCost: number
  policies: Record<string, PolicyResult>
}

const BASELINES = ['hpa-tuned', 'hpa-offered', 'hpa', 'kpa', 'static'] as const
const DAY_SECONDS = 86_400
/** A trace is seasonal when it is alike from one day to the next: correlation at a lag of a day, over three days or more. */
const SEASONAL = 0.8
const LEAST_DAYS = 3

/** One case at all its ratios, on forecasts that are made once. */
export function judgeCase({ part, trace, configs }: PlanCase): PlanResult[] {
  const ours = sharingForecasts(configs.length > 1)
  const seasonal = isSeasonal(trace)
  return configs.map(({ ratio, config }) => {
    const scene = sceneOf(trace, config)
    const run = (policy: ReplayPolicy): PolicyResult => {
      const { scores } = replay(scene, policy, policy === 'infrasage' ? ours : undefined)
      return {
        cost: scores.totalCost,
        violationShare: scores.violationShareDemand,
        churn: scores.starts + scores.removals,
      }
    }
    const { leadTimeSeconds, approvalDelaySeconds } = config
    return {
      part,
      series: trace.seriesId,
      stepSeconds: trace.stepSeconds,
      leadSeconds: typeof leadTimeSeconds === 'number' ? leadTimeSeconds : (leadTimeSeconds.at(-1) ?? 0),
      approvalSeconds: approvalDelaySeconds,
      ratio,
      steps: scene.to - scene.from,
      seasonal,
      clairvoyantCost: clairvoyant(scene, { keepObjective: false }).totalCost,
      policies: Object.fromEntries((['infrasage', ...BASELINES] as const).map((name) => [name, run(name)])),
    }
  })
}

function isSeasonal({ demand, stepSeconds }: Trace): boolean {
  const day = Math.round(DAY_SECONDS / stepSeconds)
  if (demand.length < LEAST_DAYS * day) return false
  const [now, before] = [demand.subarray(day), demand.subarray(0, demand.length - day)]
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [a, b] = [mean(now), mean(before)]
  let [both, first, second] = [0, 0, 0]
  for (let i = 0; i < now.length; i++) {
    const [x, y] = [(now[i] ?? 0) - a, (before[i] ?? 0) - b]
    both += x * y
    first += x * x
    second += y * y
  }
  return both > SEASONAL * Math.sqrt(first * second)
}

parentPort?.on('message', (task: PlanCase) => parentPort?.postMessage(judgeCase(task)))
