export {
  type Baseline,
  type BaselineInput,
  movingAverage,
  naive,
  naiveEmpirical,
  seasonalNaive,
} from './baselines.ts'
export * from './contract.ts'
export {
  type BenchRun,
  type BenchSeries,
  baselinesFor,
  benchBaseline,
  benchEngine,
  type EngineRun,
} from './forecast-bench.ts'
export * from './scores.ts'
export { benchSeriesOf, dealHalves, type Half, originsOf, resample, type Signal } from './series-catalogue.ts'
export { syntheticSeries } from './synthetic-series.ts'
