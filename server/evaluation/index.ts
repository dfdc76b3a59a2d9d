export { type Baseline, type BaselineInput, naive, naiveEmpirical, seasonalNaive } from './baselines.ts'
export * from './contract.ts'
export * from './scores.ts'
