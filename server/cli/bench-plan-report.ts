import { geometricMean } from '../evaluation/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import type { PlanResult, PolicyResult } from './bench-plan-worker.ts'
import { table } from './bench-report.ts'

const RESAMPLES = 2_000
const NONE: PolicyResult = { cost: Number.NaN, violationShare: Number.NaN, churn: Number.NaN }
const OURS = 'infrasage'
const TUNED = 'hpa-tuned'

const of = ({ policies }: PlanResult, name: string): PolicyResult => policies[name] ?? NONE
const toTuned = (result: PlanResult, name = OURS): number => of(result, name).cost / of(result, TUNED).cost
const toOptimum = (result: PlanResult, name = OURS): number => of(result, name).cost / result.clairvoyantCost
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`
const minutes = (seconds: number): string => `${Number((seconds / 60).toFixed(1))} min`
const ratiosOf = (results: readonly PlanResult[]): number[] =>
  [...new Set(results.map(({ ratio }) => ratio))].sort((a, b) => a - b)

/** One line per case. */
export function caseTable(results: readonly PlanResult[]): string {
  return table(
    'series | step | lead | p/κ | cost to tuned HPA | to optimum | tuned HPA to optimum | violations | of tuned HPA | replicas changed | of tuned HPA | season',
    results.map((result) => [
      result.series,
      `${result.stepSeconds} s`,
      minutes(result.leadSeconds),
      String(result.ratio),
      toTuned(result).toFixed(3),
      toOptimum(result).toFixed(3),
      toOptimum(result, TUNED).toFixed(3),
      percent(of(result, OURS).violationShare),
      percent(of(result, TUNED).violationShare),
      String(of(result, OURS).churn),
      String(of(result, TUNED).churn),
      result.seasonal ? 'day' : '',
    ]),
  )
}

/** Every policy beside the tuned autoscaler, as geometric means. */
export function policyTable(results: readonly PlanResult[]): string {
  const names = Object.keys(results[0]?.policies ?? {})
  return table(
    'policy | p/κ | cost to tuned HPA | worst | to optimum | mean violations',
    ratiosOf(results).flatMap((ratio) =>
      names.map((name) => {
        const members = results.filter((result) => result.ratio === ratio)
        const costs = members.map((result) => toTuned(result, name))
        return [
          name === OURS ? '**InfraSage**' : name,
          String(ratio),
          geometricMean(costs).toFixed(3),
          Math.max(...costs).toFixed(3),
          geometricMean(members.map((result) => toOptimum(result, name))).toFixed(3),
          percent(mean(members.map((result) => of(result, name).violationShare))),
        ]
      }),
    ),
  )
}

/** Geometric means with bootstrap intervals over series, and the worst of them. */
export function summaryTable(results: readonly PlanResult[], seed: number): string {
  return table(
    'p/κ | cases | cost to tuned HPA | 95% interval | worst | mean violations to those of tuned HPA | to optimum | 95% interval | to optimum, seasonal',
    ratiosOf(results).map((ratio) => {
      const members = results.filter((result) => result.ratio === ratio)
      const worst = members.reduce((a, b) => (toTuned(b) > toTuned(a) ? b : a))
      const seasonal = members.filter((result) => result.seasonal)
      return [
        String(ratio),
        String(members.length),
        `**${geometricMean(members.map((each) => toTuned(each))).toFixed(3)}**`,
        interval(members, toTuned, seed),
        `${toTuned(worst).toFixed(3)} (${worst.series}, ${minutes(worst.leadSeconds)})`,
        violationsOf(members),
        geometricMean(members.map((each) => toOptimum(each))).toFixed(3),
        interval(members, toOptimum, seed),
        seasonal.length > 0
          ? `${geometricMean(seasonal.map((each) => toOptimum(each))).toFixed(3)} (${seasonal.length})`
          : '',
      ]
    }),
  )
}

function violationsOf(results: readonly PlanResult[]): string {
  const [ours, tuned] = [OURS, TUNED].map((name) =>
    mean(results.map((each) => of(each, name).violationShare)),
  )
  return tuned ? ((ours ?? 0) / tuned).toFixed(2) : 'it has none'
}

/** By lead time and approval delay. */
export function timesTable(results: readonly PlanResult[], seed: number): string {
  const groups = Map.groupBy(results, ({ leadSeconds, approvalSeconds, ratio }) =>
    [leadSeconds, approvalSeconds, ratio].join(),
  )
  return table(
    'lead | approval | p/κ | series | cost to tuned HPA | 95% interval | worst | to optimum | violations | of tuned HPA',
    [...groups.values()].map((members) => {
      const [first] = members
      const worst = members.reduce((a, b) => (toTuned(b) > toTuned(a) ? b : a))
      return [
        minutes(first?.leadSeconds ?? 0),
        minutes(first?.approvalSeconds ?? 0),
        String(first?.ratio),
        String(members.length),
        geometricMean(members.map((each) => toTuned(each))).toFixed(3),
        interval(members, toTuned, seed),
        `${toTuned(worst).toFixed(3)} (${worst.series})`,
        geometricMean(members.map((each) => toOptimum(each))).toFixed(3),
        percent(mean(members.map((each) => of(each, OURS).violationShare))),
        percent(mean(members.map((each) => of(each, TUNED).violationShare))),
      ]
    }),
  )
}

/** Bootstrap of the geometric mean over series (Efron 1979, percentile method), seeded. */
function interval(
  results: readonly PlanResult[],
  value: (result: PlanResult) => number,
  seed: number,
): string {
  const random = seededRandom(seed)
  const series = [...Map.groupBy(results, (result) => result.series).values()]
  const logs = series.map((members) => members.map((each) => Math.log(value(each))))
  const means = Array.from({ length: RESAMPLES }, () => {
    const drawn = logs.flatMap(() => logs[Math.floor(random() * logs.length)] ?? [])
    return Math.exp(mean(drawn))
  }).sort((a, b) => a - b)
  const at = (share: number) => (means[Math.floor(share * RESAMPLES)] ?? Number.NaN).toFixed(3)
  return `${at(0.025)} to ${at(0.975)}`
}
