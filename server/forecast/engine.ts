import { InvalidInputError } from '../kernel/errors.ts'
import { Aggregation } from './aggregation/aggregation.ts'
import { OfferedExpert } from './aggregation/offered-expert.ts'
import { type Carriers, carriersOf, voicesOf } from './aggregation/voices.ts'
import { Calibration } from './calibration/calibration.ts'
import { limitQuantiles } from './calibration/limits.ts'
import type { Calibration as CalibrationView, Contribution, Drift, JointRanks, Regret } from './contract.ts'
import { Regime } from './drift/regime.ts'
import { type CompleteOptions, completeOptions, type EngineOptions } from './engine-options.ts'
import type { EventInSteps } from './events/event-effects.ts'
import { ExpertPanel } from './expert-panel.ts'
import type { ExpertContext } from './experts/point-expert.ts'
import { baselineOf, contributionsOf, shapley } from './explanation/explain.ts'
import { FeatureWindow } from './features.ts'
import type { Forecaster, ForecasterState, LeadQuantiles } from './forecaster.ts'
import { leadGrid, leadInterpolation } from './lead-grid.ts'
import type { BaseModel } from './neural/base-model.ts'
import { NeuralExpert } from './neural/neural-expert.ts'
import { shippedBase } from './neural/shipped-base.ts'
import { at } from './numeric/arrays.ts'
import { Slab } from './numeric/slab.ts'
import { JointRankMemory } from './paths/joint-ranks.ts'
import { EXPERT_NAMES, expertEntry } from './roster.ts'
import { Series } from './series.ts'

/** Changes whenever the same history would give another forecast or state. */
export const modelVersion = 'ensemble-3'

/** Beyond this a number is a fault of its source, whatever the unit. */
const LARGEST_VALUE = 1e18

/** Last values of a history that are learned in full, and the turns of leads before them. */
const FULL_HISTORY = 2_000
const LEAD_TURNS = 4

/**
 * The ensemble: experts, their error distributions, the mixture over them and its measured coverage. Learning
 * costs the same for every observation. All state is numeric and restores byte for byte.
 */
export class Engine implements Forecaster {
  readonly options: CompleteOptions
  private readonly slab = new Slab()
  private readonly grid: number[]
  private readonly leadPlan: { index: number; share: number }[]
  private readonly series: Series
  private readonly panel: ExpertPanel
  private readonly windows: FeatureWindow[]
  private readonly aggregation: Aggregation
  private readonly calibration: Calibration
  private readonly neural: NeuralExpert
  private readonly offered: OfferedExpert
  private readonly paths: JointRankMemory
  private readonly regime: Regime
  private readonly issued: Float64Array
  /** What was issued for the current origin before another forecaster's quantiles joined; null where none did. */
  private withoutOffer: Float64Array | null = null
  private readonly median: number

  constructor({ base = shippedBase, ...options }: EngineOptions) {
    const { stepSeconds, horizon, levels, seed } = options
    this.options = completeOptions(options)
    this.median = levels.indexOf(0.5)
    this.grid = leadGrid(horizon)
    this.leadPlan = leadInterpolation(this.grid, horizon)
    this.series = new Series(this.slab, stepSeconds, this.grid)
    const window = (name: string, space: Series['identity']) =>
      new FeatureWindow(this.slab, name, space, this.series, horizon + 1)
    const identityFeatures = window('identity', this.series.identity)
    const logFeatures = window('log', this.series.log)
    this.windows = [identityFeatures, logFeatures]
    const { slab, series, grid } = this
    const context: ExpertContext = { slab, series, grid, identityFeatures, logFeatures }
    const members = this.options.experts.map((name) => {
      const { build, spreads } = expertEntry(name)
      return { expert: build(context), spreads }
    })
    this.panel = new ExpertPanel(slab, series, members, { levels, horizon })
    this.offered = new OfferedExpert(slab, grid, levels.length)
    const shape = { grid, levels: levels.length }
    const features = identityFeatures
    this.neural = new NeuralExpert({ slab, series, grid, features, levels, seed, base })
    const voices = voicesOf(this.panel, this.options.experts, shape, {
      neural: this.neural,
      offered: this.offered,
    })
    this.aggregation = new Aggregation(slab, series, voices, { levels, horizon })
    this.calibration = new Calibration(slab, grid, this.options)
    this.paths = new JointRankMemory(slab, grid, levels, horizon)
    this.regime = new Regime(slab, grid, levels)
    this.issued = slab.f64('issued', grid.length * levels.length)
  }

  /** Steps seen, gaps included. */
  get steps(): number {
    return this.series.steps
  }
  /** Values learned from. */
  get observations(): number {
    return this.series.identity.count
  }
  /** Bytes of numeric state. */
  get stateBytes(): number {
    return this.slab.byteLength
  }
  /** Version of the base that the neural expert uses. */
  get baseVersion(): string {
    return this.neural.baseVersion
  }
  /** The reference that contributions are measured from. */
  get baseline(): number {
    return baselineOf(this.series) * this.regime.scale
  }

  /**
   * Takes the next step's value. `following`: how many later steps are already at hand. Far from the end of a
   * history, error distributions and weights learn from one lead in four, in turn, which halves the cost.
   */
  learn(value: number, following = 0): void {
    const turns = following >= FULL_HISTORY ? LEAD_TURNS : 1
    const possible = Number.isFinite(value) && value >= 0 && value <= LARGEST_VALUE
    const step = this.series.steps
    this.withoutOffer = null
    const { decayingMax } = this.series
    const clean = this.regime.admit(step, possible ? value : Number.NaN, decayingMax, this.issued)
    const usable = !Number.isNaN(clean)
    this.paths.learn(step, usable ? value : Number.NaN)
    this.series.learn(clean)
    if (usable) {
      this.panel.learn(step, clean, turns)
      this.aggregation.learn(step, clean)
      this.calibration.learn(step, value)
    }
    for (const window of this.windows) window.project()
    for (const { expert } of this.panel.members) expert.learn()
    this.neural.learn()
    this.offered.learn()
    for (const window of this.windows) window.write(step)
    this.panel.record(step, turns)
    if (turns === 1) {
      this.issue(step, usable)
      return
    }
    this.aggregation.skip(step)
    this.calibration.skip(step)
  }

  /**
   * Says which events are planned, all of them that are under way or ahead, counted in steps of this engine from 0. They
   * hold from the next forecast on; what is under way keeps what it has taught so far.
   * @throws InvalidInputError when one ends before it begins or has a factor that is not positive.
   */
  plan(events: readonly EventInSteps[]): void {
    this.regime.events.plan(this.steps, events)
  }

  /**
   * Quantiles of a forecaster outside of the engine for the current origin: leads 1 … horizon × levels. They join
   * the aggregation as one more expert. Call it after `learn` and before `forecast`.
   * @throws InvalidInputError when the shape is wrong or a number is not finite.
   */
  offer(name: string, quantiles: readonly (readonly number[])[]): void {
    this.offered.offer(name, this.regime.usual(this.steps - 1, quantiles), this.options.horizon)
    if (this.steps === 0) return
    this.withoutOffer ??= this.issued.slice()
    this.issue(this.steps - 1, this.series.current)
  }

  /** Goes over to another base of the neural expert from the next step on; nothing happens if it is the one in use. */
  adopt(base: BaseModel): void {
    this.neural.adopt(base)
  }

  forecast(): LeadQuantiles[] {
    return this.quantilesOf(this.issued)
  }

  /** What `forecast` would give if nothing had been offered for the current origin; null where nothing was. */
  forecastWithoutOffer(): LeadQuantiles[] | null {
    return this.withoutOffer === null ? null : this.quantilesOf(this.withoutOffer)
  }

  /** Changes that the engine found, newest first; `timeOf` gives the time of a step. */
  drift(timeOf: (step: number) => Date): Drift[] {
    return this.regime.changes(this.steps, timeOf)
  }

  /** Joint ranks of past outcomes; null before the first whole horizon. */
  joint(): JointRanks | null {
    return this.paths.toJoint()
  }

  /** Share of 90% intervals that held so far, over all leads. */
  measuredCoverage(): { coverage90: number | null; count: number } {
    return this.calibration.measured()
  }

  /** Coverage of the 90% interval by lead and by hour; null where the levels hold no such interval. */
  calibrated(): CalibrationView | null {
    return this.calibration.view()
  }

  /** Regret of the aggregation and its bound, per group of leads. */
  regret(): Regret[] {
    return this.aggregation.regret()
  }

  /** Weight of each expert in the median at `lead`, largest first, summing to one. */
  expertWeights(lead: number): { name: string; weight: number }[] {
    const { variants, others } = this.carriers(this.planAt(lead).index)
    const members = this.panel.members.map(({ expert }, i) => ({
      name: expert.name,
      weight: variants.reduce((sum, w, k) => sum + (this.panel.variants[k]?.point === i ? w : 0), 0),
    }))
    return [...members, ...others].sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
  }

  /**
   * Why the median at `lead` is not the baseline: Shapley values per group, which sum to the difference.
   */
  explain(lead: number): Contribution[] {
    const { index, share } = this.planAt(lead)
    const median = this.valuesAt(lead)[this.median] ?? 0
    const factor = this.eventFactor(lead)
    const parts = (g: number) => {
      const { variants } = this.carriers(g)
      const values = shapley(this.panel, this.series, variants, g, this.median, factor)
      return values.map((value) => value * this.regime.scale)
    }
    return contributionsOf(parts(index), share > 0 ? parts(index + 1) : null, share, median - this.baseline)
  }

  toJSON(): ForecasterState {
    const options = { ...this.options, base: this.baseVersion }
    return { modelVersion, options, columns: this.slab.toJSON() }
  }

  /** Restores columns saved by `toJSON` of an engine with the same options. */
  restore(columns: Record<string, string>): void {
    this.slab.restore(columns)
    for (const window of this.windows) window.project()
    this.panel.refresh()
    this.aggregation.refresh()
  }

  private carriers(g: number): Carriers {
    return carriersOf(this.panel, this.aggregation, g, this.median)
  }

  /** What is said of the current origin, final: aggregated, in order, its ends calibrated, within [0, cap]. */
  private issue(step: number, teaches: boolean): void {
    const { issued } = this
    const { scale } = this.regime
    const limit = (unit: number) =>
      limitQuantiles(issued, this.options.levels.length, unit * this.panel.cap, unit * this.series.zeroBelow)
    this.aggregation.speak(step, issued, teaches)
    limit(1)
    this.regime.express(step, issued)
    this.calibration.apply(issued)
    limit(scale * this.regime.events.highestFactor(step))
    this.calibration.record(step, issued, teaches)
    if (teaches) this.paths.record(step, issued)
  }

  private planAt(lead: number): { index: number; share: number } {
    const found = this.leadPlan[lead - 1]
    if (found === undefined) {
      throw new InvalidInputError(`Lead ${lead} is outside 1 … ${this.options.horizon}.`)
    }
    return found
  }

  private quantilesOf(issued: Float64Array): LeadQuantiles[] {
    return this.leadPlan.map((_, i) => ({ lead: i + 1, values: this.valuesAt(i + 1, issued) }))
  }

  private valuesAt(lead: number, issued = this.issued): number[] {
    const { index, share } = this.planAt(lead)
    const count = this.options.levels.length
    const row = (g: number) => this.options.levels.map((_, q) => at(issued, g * count + q))
    if (share === 0) return row(index)
    // Usual demand is what runs evenly between two leads of the grid; an event may begin or end there.
    const factor = this.eventFactor(lead)
    const [below, above] = [index, index + 1].map((g) => factor / this.eventFactor(this.grid[g] ?? lead))
    const next = row(index + 1)
    return row(index).map((value, q) => {
      const low = value * (below ?? 1)
      return low + share * ((next[q] ?? low) * (above ?? 1) - low)
    })
  }

  /** What planned events make of usual demand at `lead`. */
  private eventFactor(lead: number): number {
    return this.regime.events.factorAt(this.steps - 1 + lead)
  }
}

/** A fresh engine. */
export function createEngine(options: EngineOptions): Engine {
  return new Engine(options)
}

/**
 * The engine that `state` was saved from. `base`: the one that its neural expert used.
 * @throws InvalidInputError when another model version wrote it, it used another base, or it is damaged.
 */
export function restoreEngine(state: ForecasterState, base = shippedBase): Engine {
  if (state.modelVersion !== modelVersion) {
    throw new InvalidInputError(
      `Forecast state is of model "${state.modelVersion}", this is "${modelVersion}".`,
    )
  }
  const experts = EXPERT_NAMES.filter((name) => state.options.experts.includes(name))
  if (state.options.base !== base.version) {
    throw new InvalidInputError(`Forecast state is of base "${state.options.base}", not "${base.version}".`)
  }
  const engine = new Engine({ ...state.options, experts, base })
  engine.restore(state.columns)
  return engine
}
