import type { ForecastSnapshot } from './contract.ts'
import type { Engine } from './engine.ts'
import { modelVersion } from './engine.ts'
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
  /** The lead whose median is explained; the farthest unless said. */
  contributionLead?: number
  /** Hash of the engine's state when the caller already has it. */
  hash?: string
}

/** The forecast of an engine as it is issued, stored and shown. */
export function buildSnapshot(input: SnapshotInput): ForecastSnapshot {
  const { engine, origin } = input
  const { stepSeconds, horizon, levels } = engine.options
  const contributionLead = Math.min(horizon, input.contributionLead ?? horizon)
  const { coverage90, count } = engine.measuredCoverage()
  return {
    workloadId: input.workloadId,
    signal: input.signal,
    unit: input.unit,
    origin: origin.toISOString(),
    stepSeconds,
    levels: [...levels],
    leads: engine.forecast().map(({ lead, values }) => ({
      lead,
      at: new Date(origin.getTime() + lead * stepSeconds * 1000).toISOString(),
      values,
    })),
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
  }
}
