export {
  type Baseline,
  type BaselineInput,
  movingAverage,
  naive,
  naiveEmpirical,
  seasonalNaive,
} from './baselines.ts'
export * from './contract.ts'
export { type DemandLaw, independentLaw, regimeLaw, walkLaw } from './exact/demand-law.ts'
export { type ExactJudgement, judgeAgainstExact } from './exact/judge.ts'
export {
  type BenchRun,
  type BenchSeries,
  baselinesFor,
  benchBaseline,
  benchEngine,
  type EngineRun,
} from './forecast-bench.ts'
export { clairvoyant } from './replay/clairvoyant.ts'
export { type ReplayConfig, readReplayConfig, replayConfig } from './replay/config.ts'
export { stepsCsv, summaryJson } from './replay/output.ts'
export { sharingForecasts } from './replay/policies/infrasage.ts'
export { type ReplayRun, replay, sceneOf } from './replay/replay.ts'
export { type PolicyFactory, type Scene, simulate } from './replay/simulate.ts'
export { type Trace, type TraceRow, traceOf } from './replay/trace.ts'
export { type ReplayTask, replayReport } from './report/report.ts'
export * from './scores.ts'
export { benchSeriesOf, dealHalves, type Half, originsOf, resample, type Signal } from './series-catalogue.ts'
export { answerPulse, answerPulseInput } from './store/acceptability/answer-pulse.ts'
export { getAcceptability } from './store/acceptability/get-acceptability.ts'
export { judgeAlarms } from './store/acceptability/judge-alarms.ts'
export { similarProposals } from './store/acceptability/similar-proposals.ts'
export { getLedgerEntry, listLedger } from './store/ledger/list-ledger.ts'
export { updateLedger } from './store/ledger/update-ledger.ts'
export { syntheticSeries } from './synthetic-series.ts'
