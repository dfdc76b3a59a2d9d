import type { Clock } from '../kernel/clock.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { Scene } from './contract.ts'
import { demandOf, readingSeed, simulatePast } from './history.ts'
import { steadyCapacity } from './model/capacity.ts'
import { advanceService, type Reading, type ServiceState } from './model/service.ts'
import type { Outbox } from './outbox.ts'
import { describeTarget, type ScaleCommand, type ScaleOutcome, scaleTarget } from './scaling.ts'
import { choosePhases, replicasAtStart, type Service, servicesOf } from './services.ts'
import type { Play, PlaysState, TargetAnswer, TargetState, WorldState } from './world-state.ts'

const dayMs = 86_400_000
/** Readings of the last so many milliseconds leave one by one, older ones as means of their step. */
const fineMs = 600_000

export type Comparison = {
  id: string
  at: string
  /** Since when the undisturbed run has gone its own way. */
  since: string
  actual: ComparedReading
  undisturbed: ComparedReading
}
type ComparedReading = Pick<
  Reading,
  'demand' | 'readyReplicas' | 'backlog' | 'latencyP99Ms' | 'errorRatio' | 'costPerHourUsd'
>

/** Beginning of the sampling interval that `atMs` lies in. */
function tickOf(scene: Scene, atMs: number): number {
  const sampleMs = scene.sampleSeconds * 1000
  return Math.floor(atMs / sampleMs) * sampleMs
}

/** The world at its very first start: phases chosen, capacity as somebody left it, nothing sent. */
export function firstState(scene: Scene, nowMs: number): WorldState {
  const startedAt = tickOf(scene, nowMs)
  const state: WorldState = {
    format: 1,
    startedAt,
    tickAt: startedAt,
    phases: choosePhases(scene, startedAt),
    sent: {},
    targets: {},
  }
  for (const service of servicesOf(scene, state.phases)) {
    const at = { capacity: steadyCapacity(replicasAtStart(service, startedAt)), backlog: 0 }
    state.sent[service.name] = { demand: 0, others: 0 }
    state.targets[service.target] = {
      actual: at,
      undisturbed: at,
      undisturbedSince: startedAt,
      version: 1,
      effects: 0,
      dispatches: [],
    }
  }
  return state
}

/** The simulated cloud: advances with the clock, obeys scale commands, and puts what it measures into the outbox. */
export class World {
  readonly scene: Scene
  readonly services: readonly Service[]
  readonly outbox: Outbox
  readonly #clock: Clock
  readonly #compared = new Map<string, { actual: Reading; undisturbed: Reading }>()
  state: WorldState
  plays: PlaysState

  constructor(parts: {
    scene: Scene
    state: WorldState
    plays: PlaysState
    clock: Clock
    makeOutbox: (services: Service[]) => Outbox
  }) {
    this.scene = parts.scene
    this.state = parts.state
    this.plays = parts.plays
    this.#clock = parts.clock
    const services = servicesOf(parts.scene, parts.state.phases)
    this.services = services
    this.outbox = parts.makeOutbox(services)
  }

  /** Puts the time before the first start into the outbox, as far as it was not sent, and leaves its backlog. */
  recallPast(): void {
    const until = this.state.startedAt
    const from = tickOf(this.scene, until - this.scene.historyDays * dayMs)
    for (const service of this.services) {
      const sent = this.#sent(service)
      if (Math.min(sent.demand, sent.others) >= until) continue
      const span = { from, until, sampleSeconds: this.scene.sampleSeconds }
      const backlog = simulatePast(service, span, (reading) => this.outbox.add(service, reading, sent, until))
      if (this.state.tickAt > until) continue
      const target = this.#target(service.target)
      this.#setTarget(service, {
        ...target,
        actual: { ...target.actual, backlog },
        undisturbed: { ...target.undisturbed, backlog },
      })
    }
  }

  /** Simulates every interval that has ended by now. */
  advance(): void {
    const now = this.#clock.now().getTime()
    const sampleMs = this.scene.sampleSeconds * 1000
    const oldest = tickOf(this.scene, now - this.scene.historyDays * dayMs)
    if (this.state.tickAt < oldest) this.state = { ...this.state, tickAt: oldest }
    for (let at = this.state.tickAt + sampleMs; at <= now; at += sampleMs) {
      for (const service of this.services) this.#tick(service, at, now - fineMs)
      this.state = { ...this.state, tickAt: at }
    }
  }

  observe(id: string): TargetAnswer {
    return describeTarget(id, this.#target(id), this.#clock.now().getTime())
  }

  /** Carries out a command; the caller must keep `state` before it answers. */
  scale(id: string, command: ScaleCommand): ScaleOutcome {
    if (!command.dryRun) this.advance()
    const service = this.serviceOf(id)
    const rules = { id, quotaReplicas: service.quotaReplicas, lead: service.lead, seed: service.seed }
    const now = this.#clock.now().getTime()
    const { target, outcome } = scaleTarget(this.#target(id), rules, command, now)
    this.#setTarget(service, target)
    return outcome
  }

  /** The target as it is beside the run in which nothing was dispatched; both at the same moment. */
  compare(id: string): Comparison {
    this.advance()
    const compared = this.#compared.get(id)
    const target = this.#target(id)
    if (!compared) throw new NotFoundError('reading of target', id)
    return {
      id,
      at: new Date(compared.actual.at).toISOString(),
      since: new Date(target.undisturbedSince).toISOString(),
      actual: comparedReading(compared.actual),
      undisturbed: comparedReading(compared.undisturbed),
    }
  }

  /**
   * Lets a trace stand in for a workload's demand. What of it lies before now is measured afterwards, as far as the
   * workload has no samples yet. The undisturbed run starts anew from the present capacity.
   */
  play(service: Service, play: Play): void {
    this.advance()
    this.plays = { ...this.plays, [service.name]: play }
    const target = this.#target(service.target)
    const sent = this.#sent(service)
    const sampleMs = this.scene.sampleSeconds * 1000
    let past: ServiceState = { ...target.actual, backlog: 0 }
    const own = service.entry.demand.kind !== 'idle'
    const first = own ? this.state.tickAt + sampleMs : Math.max(play.startedAt, sent.demand + sampleMs)
    for (let at = tickOf(this.scene, first); at <= this.state.tickAt; at += sampleMs) {
      const { state, reading } = this.#run(service, past, play, at)
      if (!reading) continue
      past = state
      this.outbox.add(service, reading, sent, this.state.tickAt - fineMs)
    }
    const actual = own ? target.actual : past
    this.#setTarget(service, {
      ...target,
      actual,
      undisturbed: actual,
      undisturbedSince: this.state.tickAt,
    })
  }

  stop(service: Service): void {
    const { [service.name]: _, ...others } = this.plays
    this.plays = others
  }

  /** @throws NotFoundError */
  serviceOf(targetOrName: string): Service {
    const service = this.services.find(({ name, target }) => name === targetOrName || target === targetOrName)
    if (!service) throw new NotFoundError('target or workload of the sandbox', targetOrName)
    return service
  }

  /** Records what the intake has taken. */
  markSent(workload: string, part: 'demand' | 'others', at: number): void {
    const sent = this.state.sent[workload]
    if (sent)
      this.state = { ...this.state, sent: { ...this.state.sent, [workload]: { ...sent, [part]: at } } }
  }

  #tick(service: Service, at: number, fineFrom: number): void {
    const target = this.#target(service.target)
    const play = this.plays[service.name]
    const actual = this.#run(service, target.actual, play, at)
    const undisturbed = this.#run(service, target.undisturbed, play, at)
    if (!actual.reading || !undisturbed.reading) return
    this.#setTarget(service, { ...target, actual: actual.state, undisturbed: undisturbed.state })
    this.#compared.set(service.target, { actual: actual.reading, undisturbed: undisturbed.reading })
    this.outbox.add(service, actual.reading, this.#sent(service), fineFrom)
  }

  #run(service: Service, state: ServiceState, play: Play | undefined, at: number) {
    const demand = demandOf(service, play, at)
    if (demand === null) return { state, reading: null }
    const interval = { at, seconds: this.scene.sampleSeconds, seed: readingSeed(service) }
    return advanceService(service.spec, state, demand, interval)
  }

  #sent(service: Service) {
    return this.state.sent[service.name] ?? { demand: 0, others: 0 }
  }

  #target(id: string): TargetState {
    const target = this.state.targets[id]
    if (!target) throw new NotFoundError('target of the sandbox', id)
    return target
  }

  #setTarget(service: Service, target: TargetState): void {
    this.state = { ...this.state, targets: { ...this.state.targets, [service.target]: target } }
  }
}

function comparedReading(reading: Reading): ComparedReading {
  const { demand, readyReplicas, backlog, latencyP99Ms, errorRatio, costPerHourUsd } = reading
  return { demand, readyReplicas, backlog, latencyP99Ms, errorRatio, costPerHourUsd }
}
