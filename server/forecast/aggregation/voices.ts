import type { ExpertPanel } from '../expert-panel.ts'
import type { ExpertName } from '../roster.ts'
import type { Aggregation, Voice } from './aggregation.ts'
import { PlainExpert, TunedMixture } from './panel-experts.ts'
import type { QuantileExpert } from './quantile-expert.ts'

/** Plain experts that stand beside the tuned mixture: unlike each other, and hard to fool. More of them gained nothing. */
const PLAIN: readonly ExpertName[] = ['last', 'day']
/** With its lasting errors, the forecast that nothing may be much worse than. */
const ANCHOR: ExpertName = 'last'

/** The tuned mixture is trusted until others have earned it. */
const MIXTURE_PRIOR = 0.9
const PLAIN_PRIOR = 0.03
/** Beside those: chosen on the dev half, where 0.05 gains less and 1 loses at the start of life. */
const NEURAL_PRIOR = 0.3
const OFFERED_PRIOR = 0.05

/** Who takes part in the aggregation of a panel with the experts `names`. */
export function voicesOf(
  panel: ExpertPanel,
  names: readonly ExpertName[],
  shape: { grid: readonly number[]; levels: number },
  { neural, offered }: { neural: QuantileExpert; offered: QuantileExpert },
): Voice[] {
  const plain = PLAIN.filter((name) => names.includes(name)).map((name) => ({
    expert: new PlainExpert(panel, shape, names.indexOf(name)),
    prior: PLAIN_PRIOR,
    ...(name === ANCHOR ? { anchor: true as const } : {}),
  }))
  return [
    { expert: new TunedMixture(panel, shape), prior: MIXTURE_PRIOR },
    ...plain,
    { expert: neural, prior: NEURAL_PRIOR },
    { expert: offered, prior: OFFERED_PRIOR },
  ]
}

/** Whose weight the quantile `q` at grid lead `g` carries: per variant of the panel, and per voice outside of it. */
export type Carriers = { variants: Float64Array; others: { name: string; weight: number }[] }

/** Weights through mixture and aggregation together; they sum to one. */
export function carriersOf(panel: ExpertPanel, aggregation: Aggregation, g: number, q: number): Carriers {
  const variants = new Float64Array(panel.variants.length)
  const others: Carriers['others'] = []
  for (const [k, { expert }] of aggregation.voices.entries()) {
    const share = aggregation.share(k, g, q)
    if (expert instanceof TunedMixture) addMixture(panel, variants, share, g, q)
    else if (expert instanceof PlainExpert) {
      const variant = panel.plain[expert.member] ?? 0
      variants[variant] = (variants[variant] ?? 0) + share
    } else if (share > 0) others.push({ name: expert.name, weight: share })
  }
  return { variants, others }
}

function addMixture(panel: ExpertPanel, variants: Float64Array, share: number, g: number, q: number): void {
  const weights = panel.variants.map((_, k) =>
    Number.isNaN(panel.location(k, g)) ? 0 : panel.weight(k, g, q),
  )
  const mass = weights.reduce((sum, weight) => sum + weight, 0)
  if (mass === 0) return
  for (const [k, weight] of weights.entries()) variants[k] = (variants[k] ?? 0) + (share * weight) / mass
}
