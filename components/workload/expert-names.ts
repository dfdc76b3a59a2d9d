import type { ExpertWeight } from '../../server/forecast/contract.ts'

/** What the methods do, in plain words, where their own names ask for a textbook. */
const plain: Record<string, string> = {
  'last value': 'same as now',
  drift: 'straight on',
  yesterday: 'same as yesterday',
  regression: 'regression on recent values and seasons',
  'regression, fast': 'the same, quick to forget',
  'log regression': 'regression on ratios',
  'smoothing with seasons': 'trend that fades, with seasons',
  'found period': 'a rhythm found in the values',
  'harmonic regression': 'smooth waves of day and week',
  autoregression: 'how departures from the day fade',
  burst: 'a burst that dies down',
  'tuned mixture': 'mixture of the best lately',
  'neural net': 'neural network',
}

/** The name of a method for people: "mean of 20" → "mean of the last 20 steps". */
export function plainName(name: string): string {
  const mean = /^mean of (\d+)$/.exec(name)
  return mean ? `mean of the last ${mean[1]} steps` : (plain[name] ?? name)
}

/** `title`: the methods' own names. */
export type ExpertLine = { name: string; label: string; title: string; weight: number }

/** The methods by weight, largest first; those below `least` become one line, if they are two or more. */
export function expertLines(experts: readonly ExpertWeight[], least = 0.03): ExpertLine[] {
  const lines = experts
    .map(({ name, weight }) => ({ name, weight, label: plainName(name), title: name }))
    .sort((a, b) => b.weight - a.weight)
  const large = lines.filter(({ weight }) => weight >= least)
  const small = lines.filter(({ weight }) => weight < least)
  if (small.length < 2) return lines
  const title = small.map(({ name }) => name).join('; ')
  const weight = small.reduce((sum, line) => sum + line.weight, 0)
  return [
    ...large,
    { name: 'rest', label: `${small.length} others, each below ${least * 100}\u202f%`, title, weight },
  ]
}
