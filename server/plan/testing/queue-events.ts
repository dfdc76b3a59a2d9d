/** Draws positive numbers of mean 1. */
export type Draw = (random: () => number) => number

export const exponential: Draw = (random) => -Math.log(1 - random())
export const constant: Draw = () => 1
/** Sum of four exponentials: squared coefficient of variation 1/4. */
export const erlang4: Draw = (random) =>
  Array.from({ length: 4 }, () => exponential(random)).reduce((sum, part) => sum + part, 0) / 4
/** Two branches with balanced means: squared coefficient of variation 3. */
export const hyperexponential: Draw = (random) => {
  const share = (1 + Math.sqrt(2 / 4)) / 2
  const branch = random() < share ? share : 1 - share
  return exponential(random) / (2 * branch)
}

export type EventRun = {
  servers: number
  utilisation: number
  /** Customers of one run; there are `runs` of them, each from another seed. */
  customers: number
  runs: number
  arrivals: Draw
  services: Draw
}

/**
 * p99 of waiting in units of mean service, by events (Lindley's recursion over the servers' free times), with the standard
 * error over independent runs. The first tenth of each run is left out.
 */
export function simulatedWait99(
  run: EventRun,
  randomOf: (seed: number) => () => number,
): { wait99: number; error: number } {
  const found = Array.from({ length: run.runs }, (_, i) => oneRun(run, randomOf(i + 1)))
  const mean = found.reduce((sum, it) => sum + it, 0) / run.runs
  const variance = found.reduce((sum, it) => sum + (it - mean) ** 2, 0) / (run.runs - 1)
  return { wait99: mean, error: Math.sqrt(variance / run.runs) }
}

function oneRun(
  { servers, utilisation, customers, arrivals, services }: EventRun,
  random: () => number,
): number {
  const freeAt = new Float64Array(servers)
  const waits: number[] = []
  let at = 0
  for (let i = 0; i < customers; i++) {
    at += arrivals(random) / (servers * utilisation)
    let first = 0
    for (let s = 1; s < servers; s++) if ((freeAt[s] ?? 0) < (freeAt[first] ?? 0)) first = s
    const wait = Math.max(0, (freeAt[first] ?? 0) - at)
    freeAt[first] = at + wait + services(random)
    if (i >= customers / 10) waits.push(wait)
  }
  waits.sort((a, b) => a - b)
  return waits[Math.ceil(0.99 * waits.length) - 1] ?? 0
}
