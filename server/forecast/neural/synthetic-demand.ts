/** Kinds of demand that a base is trained on; also the groups of anchors that a new base must not forget. */
export const DEMAND_KINDS = [
  'day',
  'week',
  'multiplicative day',
  'bursts',
  'counts',
  'level shifts',
  'random walk',
  'reverting noise',
  'batch jobs',
  'growth',
] as const
export type DemandKind = (typeof DEMAND_KINDS)[number]

export type DemandSeries = { kind: DemandKind; stepSeconds: number; values: Float64Array }

type Random = () => number
/** Value of step `i` given the phase of the day and of the week in [0, 1). */
type Shape = (i: number, day: number, week: number) => number

const STEPS = [60, 300, 300, 300, 600, 900, 1800, 3600] as const
const DAY_SECONDS = 86_400

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const between = (random: Random, low: number, high: number): number => low + (high - low) * random()
/** Between `low` and `high`, evenly on the log scale. */
const scaled = (random: Random, low: number, high: number): number =>
  Math.exp(between(random, Math.log(low), Math.log(high)))

/** A smooth shape of the day: two harmonics with random phases, about 1 high. */
function dayCurve(random: Random): (day: number) => number {
  const [first, second] = [random(), random()]
  const share = between(random, 0, 0.5)
  return (day) => Math.sin(2 * Math.PI * (day + first)) + share * Math.sin(4 * Math.PI * (day + second))
}

/**
 * First-order autoregressive noise of about unit spread, often with heavy tails (a normal over a gamma-like root, as
 * Student's t), with calm and restless times, and now and then an outlier.
 */
function noise(random: Random): () => number {
  const memory = random() < 0.4 ? 0 : between(random, 0, 0.98)
  const outliers = random() < 0.3 ? between(random, 0.001, 0.02) : 0
  const tail = random() < 0.5 ? 0 : between(random, 0.2, 0.6)
  const unrest = random() < 0.4 ? between(random, 0.05, 0.3) : 0
  const fresh = Math.sqrt(1 - memory * memory)
  let state = normal(random)
  let mood = 0
  return () => {
    mood = 0.97 * mood + unrest * normal(random)
    const shock = (normal(random) / (1 - random()) ** (tail / 2)) * Math.exp(Math.min(3, mood))
    state = memory * state + fresh * Math.max(-15, Math.min(15, shock))
    return random() < outliers ? state + 10 * normal(random) : state
  }
}

const SHAPES: Record<DemandKind, (random: Random) => Shape> = {
  day: (random) => {
    const [curve, error] = [dayCurve(random), noise(random)]
    const [depth, spread] = [between(random, 0.1, 0.9), scaled(random, 0.01, 0.5)]
    return (_, day) => 1 + depth * curve(day) + spread * error()
  },
  week: (random) => {
    const [curve, error] = [dayCurve(random), noise(random)]
    const [depth, spread, weekend] = [between(random, 0.2, 0.9), scaled(random, 0.01, 0.4), random()]
    return (_, day, week) => (1 + depth * curve(day)) * (week > 5 / 7 ? weekend : 1) + spread * error()
  },
  'multiplicative day': (random) => {
    const [curve, error] = [dayCurve(random), noise(random)]
    const [depth, spread] = [between(random, 0.2, 1.5), scaled(random, 0.02, 0.8)]
    return (_, day) => Math.exp(depth * curve(day) + spread * error())
  },
  bursts: (random) => {
    const [rate, memory, error] = [scaled(random, 0.003, 0.1), between(random, 0.3, 0.97), noise(random)]
    const [height, ground] = [scaled(random, 0.5, 20), random() < 0.5 ? 0 : 1]
    let burst = 0
    return () => {
      burst = burst * memory + (random() < rate ? height * -Math.log(1 - random()) : 0)
      return ground * (1 + 0.1 * error()) + burst
    }
  },
  counts: (random) => {
    const [mean, curve, depth] = [scaled(random, 0.05, 30), dayCurve(random), random()]
    const clustered = random() < 0.5 ? scaled(random, 0.2, 1.5) : 0
    return (_, day) => {
      const level = mean * (1 + 0.6 * depth * curve(day)) * Math.exp(clustered * normal(random))
      return poisson(random, Math.min(500, Math.max(0, level)))
    }
  },
  'level shifts': (random) => {
    const [rate, error, spread] = [scaled(random, 0.001, 0.03), noise(random), scaled(random, 0.001, 0.3)]
    let level = random() < 0.2 ? 0 : random()
    return () => {
      if (random() < rate) level = random() < 0.15 ? 0 : scaled(random, 0.1, 3)
      return level * (1 + spread * error())
    }
  },
  'random walk': (random) => {
    const [spread, jump] = [scaled(random, 0.001, 0.1), random() < 0.5 ? 0.01 : 0]
    let level = 0
    return () => {
      level += spread * normal(random) * (random() < jump ? 10 : 1)
      return Math.exp(level)
    }
  },
  'reverting noise': (random) => {
    const [error, spread] = [noise(random), scaled(random, 0.01, 1)]
    const heavy = random() < 0.5
    return () => (heavy ? Math.exp(spread * error()) : 1 + spread * error())
  },
  'batch jobs': (random) => {
    const [start, length] = [random(), between(random, 0.03, 0.5)]
    const [rest, spread, skip] = [between(random, 0, 0.5), scaled(random, 0.001, 0.2), 0.2 * random()]
    let [running, inside] = [true, false]
    return (_, day) => {
      const now = (day + start) % 1 < length
      if (now && !inside) running = random() > skip
      inside = now
      return (now && running ? 1 : rest) * (1 + spread * normal(random))
    }
  },
  growth: (random) => {
    const [curve, error] = [dayCurve(random), noise(random)]
    const [slope, depth, spread] = [
      between(random, -0.5, 3) / 2_000,
      random() * 0.5,
      scaled(random, 0.01, 0.3),
    ]
    return (i, day) => (1 + depth * curve(day)) * Math.max(0.05, 1 + slope * i) + spread * error()
  },
}

/** A series of `length` steps, of any scale, at a common step, that may start at any time of the week. */
export function syntheticDemand(kind: DemandKind, length: number, random: Random): DemandSeries {
  const stepSeconds = STEPS[Math.floor(random() * STEPS.length)] ?? 300
  const shape = SHAPES[kind](random)
  const scale = kind === 'counts' ? 1 : scaled(random, 1e-3, 1e6)
  const gaps = random() < 0.1 ? 0.05 : 0
  const shifts = random() < 0.3 ? scaled(random, 0.0005, 0.01) : 0
  let level = 1
  const perDay = DAY_SECONDS / stepSeconds
  const values = Float64Array.from({ length }, (_, i) => {
    if (random() < shifts) level = scaled(random, 0.3, 3)
    const value = Math.max(0, shape(i, (i % perDay) / perDay, (i % (7 * perDay)) / (7 * perDay)))
    return random() < gaps ? Number.NaN : scale * (kind === 'counts' ? value : level * value)
  })
  return { kind, stepSeconds, values }
}

/** Poisson by inversion for small means, by its normal limit for large ones. */
function poisson(random: Random, mean: number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  let product = random()
  let count = 0
  for (const limit = Math.exp(-mean); product > limit; count++) product *= random()
  return count
}
