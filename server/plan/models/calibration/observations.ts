/** One step of a pool's telemetry; null where a signal was not measured. */
export type PoolStep = {
  demand: number | null
  readyReplicas: number | null
  latencyP99Ms: number | null
  /** Share of time that the hardware is busy, 0 to 1. */
  utilisation: number | null
  tokensPerSecond: number | null
  /** Share of memory in use, 0 to 1. */
  memoryShare: number | null
}

/** A step in which everything that a fit needs was measured. */
export type FullStep = { demand: number; ready: number; p99Ms: number }

/** Consecutive full steps. */
export type Block = FullStep[]

const blockSteps = 40
/** Enough for four parameters, few enough to fit at plan time. */
const mostBlocks = 60
/** A block begins with an unknown queue: its first steps only fill it. */
export const leadInSteps = 5

/**
 * Telemetry cut into blocks without gaps: the busiest third and, of the rest, one every so many, at most sixty. A capacity
 * shows where there is load, and the unloaded latency everywhere.
 */
export function blocksOf(steps: readonly PoolStep[]): Block[] {
  const blocks: Block[] = []
  let open: Block = []
  const close = () => {
    if (open.length >= 2 * leadInSteps) blocks.push(open)
    open = []
  }
  for (const { demand, readyReplicas, latencyP99Ms } of steps) {
    const full =
      demand !== null &&
      demand >= 0 &&
      readyReplicas !== null &&
      readyReplicas > 0 &&
      latencyP99Ms !== null &&
      latencyP99Ms > 0
    if (!full) {
      close()
      continue
    }
    open.push({ demand, ready: readyReplicas, p99Ms: latencyP99Ms })
    if (open.length === blockSteps) close()
  }
  close()
  return chosen(blocks)
}

function chosen(blocks: Block[]): Block[] {
  if (blocks.length <= mostBlocks) return blocks
  const load = (block: Block) => Math.max(...block.map(({ demand, ready }) => demand / ready))
  const ranked = blocks.map((block, index) => ({ index, load: load(block) })).sort((a, b) => b.load - a.load)
  const busiest = ranked.slice(0, mostBlocks / 3)
  const rest = ranked.slice(mostBlocks / 3).sort((a, b) => a.index - b.index)
  const wanted = mostBlocks - busiest.length
  const spread = Array.from({ length: wanted }, (_, i) => rest[Math.floor((i * rest.length) / wanted)])
  const taken = new Set([...busiest, ...spread].map((one) => one?.index))
  return blocks.filter((_, index) => taken.has(index))
}
