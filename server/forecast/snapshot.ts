import type { ForecastSnapshot, Lineage, PlannedEvent } from './contract.ts'
import type { Engine } from './engine.ts'
import { modelVersion } from './engine.ts'
import type { LeadQuantiles } from './forecaster.ts'
import { stateHash } from './state-hash.ts'

export type SnapshotInput = {
  engine: Engine
  workloadId: string
  signal: string
  unit: string
  /** Time of the engine's last step. */
  origin: Date
  /** Time of the first value that the engine learned. */
  trainedFrom: Date
  /** Leads that a plan covers; the one with the highest median among them is explained. All of them unless said. */
  plannedLeads?: number
  /** Hash of the engine's state when the caller already has it. */
  hash?: string
  /** What was learned since the forecast before, where that is kept. */
  lineage?: Lineage
  /** Planned events that the engine was told of; those that end before the origin are not shown. */
  events?: PlannedEvent[]
}

/** The forecast of an engine as it is issued, stored and shown. */
export function buildSnapshot(input: SnapshotInput): ForecastSnapshot {
  const { engine, origin } = input
  const { stepSeconds, horizon, levels } = engine.options
  const leads = engine.forecast()
  const own = engine.forecastWithoutOffer()
  const timed = ({ lead, values }: LeadQuantiles) => ({
    lead,
    at: new Date(origin.getTime() + lead * stepSeconds * 1000).toISOString(),
    values,
  })
  const timeOf = (step: number) => new Date(origin.getTime() - (engine.steps - 1 - step) * stepSeconds * 1000)
  const contributionLead = peakLead(leads, levels.indexOf(0.5), input.plannedLeads ?? horizon)
  const { coverage90, count } = engine.measuredCoverage()
  return {
    workloadId: input.workloadId,
    signal: input.signal,
    unit: input.unit,
    origin: origin.toISOString(),
    stepSeconds,
    levels: [...levels],
    leads: leads.map(timed),
    modelVersion,
    stateHash: input.hash ?? stateHash(engine.toJSON()),
    trainedFrom: input.trainedFrom.toISOString(),
    trainedTo: origin.toISOString(),
    observations: engine.observations,
    baseline: engine.baseline,
    contributions: engine.explain(contributionLead),
    contributionLead,
    experts: engine.expertWeights(contributionLead),
    coverage90,
    coverageCount: count,
    regret: engine.regret(),
    calibration: engine.calibrated(),
    drift: engine.drift(timeOf),
    events: (input.events ?? []).filter(({ endsAt }) => Date.parse(endsAt) > origin.getTime()),
    joint: engine.joint(),
    lineage: input.lineage ?? null,
    ...(own === null ? {} : { own: own.map(timed) }),
  }
}

/** Of the first `within` leads, the one with the highest median; the later one of equals. */
function peakLead(leads: LeadQuantiles[], median: number, within: number): number {
  const values = leads.slice(0, Math.max(1, within)).map(({ values }) => values[median] ?? 0)
  return values.lastIndexOf(Math.max(...values)) + 1
}
