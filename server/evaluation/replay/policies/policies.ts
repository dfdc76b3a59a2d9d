import { UnsupportedError } from '../../../kernel/errors.ts'
import type { PolicyFactory } from '../simulate.ts'
import { DEFAULT_STABILISATION_SECONDS, Hpa } from './hpa.ts'
import { tunedHpa } from './hpa-tuned.ts'
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

const CAUSAL_POLICIES = [
  'infrasage',
  'hpa',
  'hpa-offered',
  'hpa-tuned',
  'kpa',
  'static',
  'reactive-floor',
] as const
/** The baselines, the product's own policy, and the two optima that know what comes. */
export const REPLAY_POLICIES = [...CAUSAL_POLICIES, 'clairvoyant', 'clairvoyant-slo'] as const
export type ReplayPolicy = (typeof REPLAY_POLICIES)[number]

/** Policies that decide from the past alone, by name: a new one is one line here. */
export const policies: Record<(typeof CAUSAL_POLICIES)[number], PolicyFactory> = {
  infrasage: () => {
    throw new UnsupportedError('The policy "infrasage" is not part of this version.')
  },
  hpa: hpa('processed'),
  'hpa-offered': hpa('offered'),
  'hpa-tuned': tunedHpa,
  kpa: (setup) => new Kpa(setup),
  static: staticPeak,
  'reactive-floor': reactiveFloor,
}
