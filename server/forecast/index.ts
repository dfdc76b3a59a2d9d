export type { QuantileExpert } from './aggregation/quantile-expert.ts'
export * from './contract.ts'
export { createEngine, Engine, type EngineOptions, modelVersion, restoreEngine } from './engine.ts'
export type { Forecaster, ForecasterOptions, ForecasterState, LeadQuantiles } from './forecaster.ts'
export { type PathForecast, passProbability } from './paths/sample-paths.ts'
export { exceedance, quantileAt } from './quantile-function.ts'
export { EXPERT_NAMES, type ExpertName } from './roster.ts'
export { sentences } from './sentences.ts'
export { buildSnapshot, type SnapshotInput } from './snapshot.ts'
export { stateHash } from './state-hash.ts'
export {
  advanceForecast,
  type ForecastTask,
  type IssuedForecast,
  lockModel,
  trainedUntil,
} from './store/advance.ts'
export { forecastAt, latestForecasts, type StoredForecast } from './store/read.ts'
export { dropOldForecasts } from './store/retention.ts'
export { detectSurge, type SurgeInput } from './surge.ts'
