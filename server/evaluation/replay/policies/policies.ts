import type { ReplayPolicy } from '../../contract.ts'
import type { PolicyFactory } from '../simulate.ts'
import { DEFAULT_STABILISATION_SECONDS, Hpa } from './hpa.ts'
import { tunedHpa } from './hpa-tuned.ts'
import { infrasage } from './infrasage.ts'
import { Kpa } from './kpa.ts'
import { reactiveFloor } from './reactive-floor.ts'
import { staticPeak } from './static.ts'

const hpa =
  (metric: 'processed' | 'offered'): PolicyFactory =>
  (setup) =>
    new Hpa(setup, {
      metric,
      target: setup.targetUtilisation,
      stabilisationSeconds: DEFAULT_STABILISATION_SECONDS,
    })

type CausalPolicy = Exclude<ReplayPolicy, 'clairvoyant' | 'clairvoyant-slo'>

/** Policies that decide from the past alone, by name: a new one is one line here. */
export const policies: Record<CausalPolicy, PolicyFactory> = {
  infrasage: (setup) => infrasage(setup),
  hpa: hpa('processed'),
  'hpa-offered': hpa('offered'),
  'hpa-tuned': tunedHpa,
  kpa: (setup) => new Kpa(setup),
  static: staticPeak,
  'reactive-floor': reactiveFloor,
}
