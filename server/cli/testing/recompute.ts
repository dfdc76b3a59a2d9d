import type { ReplayConfig } from '../../evaluation/index.ts'

export type StepRow = Record<
  'timestamp' | 'ready' | 'in_flight' | 'ordered' | 'backlog' | 'p99_ms' | 'cost' | 'removed',
  number
> & { demand: number | null }

export function stepRows(csv: string): StepRow[] {
  const [head = '', ...lines] = csv.trim().split('\n')
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const of = (name: string) => Number(cells[columns.indexOf(name)])
    const demand = cells[columns.indexOf('demand')]
    return {
      timestamp: of('timestamp'),
      demand: demand === '' ? null : Number(demand),
      ready: of('ready'),
      in_flight: of('in_flight'),
      ordered: of('ordered'),
      backlog: of('backlog'),
      p99_ms: of('p99_ms'),
      cost: of('cost'),
      removed: of('removed'),
    }
  })
}

/**
 * Backlog, p99 and cost of each step from its demand and its counts alone, written down a second time from the
 * description of a replay and independently of the simulator. `stepSeconds` is the trace's.
 */
export function recompute(
  rows: readonly StepRow[],
  demand: readonly number[],
  config: ReplayConfig,
  stepSeconds: number,
): { backlog: number; p99Ms: number; cost: number }[] {
  const c = config.capacityPerReplica
  const slots = Math.max(1, Math.floor(c * config.serviceTimeSeconds + 0.5))
  const serviceSeconds = slots / c
  const v = (config.arrivalScv + config.serviceScv) / 2
  let backlog = 0
  return rows.map((row, k) => {
    const d = demand[k] ?? 0
    const gap = row.demand === null
    const rate = row.ready * c
    const work = backlog + d * stepSeconds
    const left = work - Math.min(work, rate * stepSeconds)
    const after = gap ? Math.min(left, backlog) : left
    const waiting = Math.max(backlog, after) / rate
    backlog = after < 1e-9 * Math.max(1, work) ? 0 : after
    const servers = row.ready * slots
    const rho = d / rate
    const within = (2.5758293035489004 * Math.sqrt(2 * v * d * stepSeconds)) / rate
    const settled =
      rho < 1
        ? Math.max(0, Math.log(rho ** (Math.sqrt(2 * (servers + 1)) - 1) / 0.01)) /
          ((servers * (1 - rho)) / (serviceSeconds * v))
        : Number.POSITIVE_INFINITY
    const hours = stepSeconds / 3600
    const infra = config.pricePerReplicaHour * hours * (row.ready + row.in_flight)
    const short = hours * Math.max(0, d / (c * config.shortfallUtilisation) - row.ready)
    const churn = config.startCost * row.ordered + config.removeCost * row.removed
    return {
      backlog,
      p99Ms: 1000 * (serviceSeconds + waiting + (d > 0 ? Math.min(settled, within) : 0)),
      cost: churn + (gap ? 0 : infra + config.penaltyPerReplicaHourShort * short),
    }
  })
}
