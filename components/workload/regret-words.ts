import type { Regret } from '../../server/forecast/contract.ts'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { plainName } from './expert-names.ts'

/** Beyond this many times what the best method lost, a percentage says nothing. */
const mostTimes = 10

/** "1.2 %" of what the best method lost; in usual swings for each forecast where it lost next to nothing. */
function share(value: number, { bestLoss, rounds }: Regret): string {
  const size = Math.abs(value)
  if (bestLoss !== undefined && size < bestLoss * mostTimes) return formatPercent(size / bestLoss, 1)
  return `${formatNumber(size / Math.max(1, rounds))} usual swings a forecast`
}

/** What regret means, in one sentence that says against whom. */
export function regretSentence(regret: Regret): string {
  if (regret.rounds === 0) return 'Nothing is judged yet.'
  const best = `“${plainName(regret.bestExpert)}”, the best of all methods chosen with hindsight`
  if (regret.regret <= 0) return `${share(regret.regret, regret)} better than ${best}.`
  return `${share(regret.regret, regret)} worse than ${best}.`
}

/** What the rule promises at most, in the same measure. */
export function boundSentence(regret: Regret): string {
  if (regret.rounds === 0) return ''
  const kept = regret.regret <= regret.bound
  return `The rule guarantees at most ${share(regret.bound, regret)}${kept ? '.' : ': the bound is broken.'}`
}

/** How much of the bound is used up: 0 … 1, above 1 where it is broken; null before the first round. */
export function boundUsed({ regret, bound, rounds }: Regret): number | null {
  return rounds === 0 || bound <= 0 ? null : Math.max(0, regret) / bound
}
