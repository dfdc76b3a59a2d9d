import type { QuantileExpert } from '../aggregation/quantile-expert.ts'
import type { FeatureWindow } from '../features.ts'
import { at, at32 } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import type { Series } from '../series.ts'
import type { BaseModel } from './base-model.ts'
import { NetInputs } from './net-inputs.ts'
import { HEAD, INPUTS, NET_LEVELS, OUTPUTS, ROW, TARGET } from './net-shape.ts'
import { QuantileNet } from './quantile-net.ts'
import { ReplayBuffer } from './replay-buffer.ts'

/** Leads that are learned per step, in turn. */
const LEADS_PER_STEP = 2
/** Values after which the net speaks. */
const AWAKE_AFTER = 3
/** Passes over the replayed past after a change of base. */
const ADOPTION_PASSES = 2
/** Targets in σ are clipped here, so that one outlier cannot throw the layer. */
const TARGET_CLIP = 50

export type NeuralContext = {
  slab: Slab
  series: Series
  grid: readonly number[]
  features: FeatureWindow
  levels: readonly number[]
  seed: number
  base: BaseModel
}

/**
 * An online quantile net. The hidden layer is the base's, shared by all workloads and fixed; the layer after it is the
 * workload's own, starts as the base's, and learns from each delayed target and from one replayed row, while elastic
 * weight consolidation pulls it back to the base. It speaks from the third value on.
 */
export class NeuralExpert implements QuantileExpert {
  readonly name = 'neural net'
  private base: BaseModel
  private readonly replay: ReplayBuffer
  private readonly series: Series
  private readonly features: FeatureWindow
  private readonly inputs: NetInputs
  private readonly net = new QuantileNet()
  private readonly head: Float64Array
  private readonly grid: readonly number[]
  private readonly turns: number
  private readonly below: Int32Array
  private readonly share: Float64Array

  constructor(context: NeuralContext) {
    const { slab, series, grid, features, levels, seed, base } = context
    this.base = base
    this.series = series
    this.grid = grid
    this.features = features
    this.inputs = new NetInputs(slab, features, grid)
    this.replay = new ReplayBuffer(slab, seed)
    this.head = slab.f64('neural.head', HEAD)
    this.head.set(base.head)
    this.turns = Math.max(1, Math.ceil(grid.length / LEADS_PER_STEP))
    const places = levels.map(placeOf)
    this.below = Int32Array.from(places, ({ below }) => below)
    this.share = Float64Array.from(places, ({ share }) => share)
  }

  /** Learns from the current step, which may be a gap; called after the series took it. */
  learn(): void {
    const { series, features, grid, turns } = this
    const step = series.steps - 1
    this.inputs.record(step, series)
    if (!series.current) return
    for (let g = step % turns; g < grid.length; g += turns) {
      const origin = step - (grid[g] ?? 0)
      if (origin >= 0 && features.scaleAt(origin) > 0) this.learnLead(g, origin)
    }
    this.learnReplayed()
    this.consolidate()
  }

  locate(out: Float64Array, offset: number): void {
    const { grid, series, net, below, share } = this
    const { y, sigma, count: seen } = series.identity
    const count = below.length
    if (seen < AWAKE_AFTER) {
      out.fill(Number.NaN, offset, offset + grid.length * count)
      return
    }
    for (let g = 0; g < grid.length; g++) {
      if (g === 0) {
        this.inputs.readNow(series.steps - 1, g, net.x)
        net.begin(this.base.body, this.head)
      } else this.inputs.readLeadNow(g, net.x)
      net.forward(this.base.body, this.head)
      for (let q = 0; q < count; q++) {
        const k = below[q] ?? 0
        const low = at(net.quantiles, k)
        const value = y + sigma * (low + at(share, q) * (at(net.quantiles, k + 1) - low))
        out[offset + g * count + q] = value > 0 ? value : 0
      }
    }
  }

  /** Version of the base in use. */
  get baseVersion(): string {
    return this.base.version
  }

  /**
   * Goes over to another base: the workload's layer starts from it anew and is taught the replayed past. Nothing happens
   * if it is the base in use.
   */
  adopt(base: BaseModel): void {
    if (base.version === this.base.version) return
    this.base = base
    this.head.set(base.head)
    for (let pass = 0; pass < ADOPTION_PASSES; pass++) {
      for (let row = 0; row < this.replay.size; row++) this.learnRow(row)
    }
    this.consolidate()
  }

  private learnLead(g: number, origin: number): void {
    const { net, features } = this
    const target = (this.series.identity.y - features.baseAt(origin)) / features.scaleAt(origin)
    const clipped = target > TARGET_CLIP ? TARGET_CLIP : target < -TARGET_CLIP ? -TARGET_CLIP : target
    this.inputs.readPast(origin, g, net.x)
    this.teach(clipped)
    const slot = this.replay.place()
    if (slot >= 0) this.replay.put(slot, net.x, clipped)
  }

  private learnReplayed(): void {
    const row = this.replay.pick()
    if (row >= 0) this.learnRow(row)
  }

  private learnRow(row: number): void {
    const first = row * ROW
    for (let i = 0; i < INPUTS; i++) this.net.x[i] = at32(this.replay.rows, first + i)
    this.teach(at32(this.replay.rows, first + TARGET))
  }

  private predict(): void {
    this.net.begin(this.base.body, this.head)
    this.net.forward(this.base.body, this.head)
  }

  private teach(target: number): void {
    this.predict()
    this.net.loss(target)
    this.net.descendHead(this.head, this.base.rates)
  }

  private consolidate(): void {
    const { head } = this
    const { pulls } = this.base
    for (let i = 0; i < HEAD; i++)
      head[i] = at(head, i) + at(pulls, i) * (at(this.base.head, i) - at(head, i))
  }
}

/** Where a level stands among the net's own, as an index and a share on the logit scale; beyond the ends it extends. */
function placeOf(level: number): { below: number; share: number } {
  const logit = (p: number) => Math.log(p / (1 - p))
  let below = 0
  while (below < OUTPUTS - 2 && (NET_LEVELS[below + 1] ?? 1) <= level) below++
  const low = logit(NET_LEVELS[below] ?? 0.5)
  const high = logit(NET_LEVELS[below + 1] ?? 0.5)
  return { below, share: (logit(level) - low) / (high - low) }
}
