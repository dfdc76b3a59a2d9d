import type { DemandSpec } from '../../contract.ts'
import { burstBase, burstRate } from './bursts.ts'
import { diurnalMean, diurnalRate } from './diurnal.ts'
import { nightlyMean, nightlyRate } from './nightly.ts'
import { trainingGpus } from './training.ts'

/** Demand at a moment: a pure function of the time, the seed and the phase of the workload's own clock. */
export type DemandSource = { spec: DemandSpec; seed: number; phaseMs: number }

/** Units per second (GPUs for training) at `atMs`; null for an idle workload. */
export function demandAt({ spec, seed, phaseMs }: DemandSource, atMs: number): number | null {
  switch (spec.kind) {
    case 'diurnal':
      return diurnalRate(spec, seed, atMs + phaseMs)
    case 'bursts':
      return burstRate(spec, seed, atMs + phaseMs)
    case 'nightly':
      return nightlyRate(spec, seed, atMs)
    case 'training':
      return trainingGpus(spec, seed, atMs)
    case 'idle':
      return null
  }
}

/** What somebody who watches the service reckons with at `atMs`: the demand without its noise and bursts. */
export function expectedDemandAt({ spec, seed, phaseMs }: DemandSource, atMs: number): number {
  switch (spec.kind) {
    case 'diurnal':
      return diurnalMean(spec, atMs + phaseMs)
    case 'bursts':
      return burstBase(spec, atMs + phaseMs)
    case 'nightly':
      return nightlyMean(spec, seed, atMs)
    case 'training':
      return trainingGpus(spec, seed, atMs)
    case 'idle':
      return 0
  }
}
