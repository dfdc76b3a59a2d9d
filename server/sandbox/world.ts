import type { Clock } from '../kernel/clock.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { Scene } from './contract.ts'
import { demandOf, readingSeed, simulatePast } from './history.ts'
import { steadyCapacity } from './model/capacity.ts'
import type { Reading } from './model/service.ts'
import { advanceWorkload, loopAt, type Place, type States } from './model/workload.ts'
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
    state.sent[service.name] = { demand: 0, others: 0 }
    for (const [target, replicas] of Object.entries(replicasAtStart(service, startedAt))) {
      const at = { capacity: steadyCapacity(replicas), backlog: 0 }
      state.targets[target] = {
        actual: at,
        undisturbed: at,
        undisturbedSince: startedAt,
        version: 1,
        effects: 0,
        dispatches: [],
      }
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
      const backlogs = simulatePast(service, span, (reading) =>
        this.outbox.add(service, reading, sent, until),
      )
      if (this.state.tickAt > until) continue
      for (const [id, backlog] of Object.entries(backlogs)) {
        const target = this.#target(id)
        this.#setTarget(id, {
          ...target,
          actual: { ...target.actual, backlog },
          undisturbed: { ...target.undisturbed, backlog },
        })
      }
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
    const target = this.#target(id)
    return describeTarget(this.#placeOf(id), target, this.#clock.now().getTime())
  }

  /** Carries out a command; the caller must keep `state` before it answers. */
  scale(id: string, command: ScaleCommand): ScaleOutcome {
    if (!command.dryRun) this.advance()
    const place = this.#placeOf(id)
    const before = this.#target(id)
    const { control, lead, seed } = place
    const rules = { id, control, lead, seed, quota: this.#quotaFor(place) }
    const now = this.#clock.now().getTime()
    const { target, outcome } = scaleTarget(before, rules, command, now)
    this.#setTarget(id, target)
    return outcome
  }

  #placeOf(id: string): Place & { id: string } {
    const place = this.services.flatMap(({ places }) => places).find(({ target }) => target === id)
    if (!place) throw new NotFoundError('target or workload of the sandbox', id)
    return { ...place, id }
  }

  /** What is left for a target of its offering's quota. */
  #quotaFor(place: Place): number {
    if (!this.scene.sharedQuotas) return place.quotaReplicas
    const neighbours = this.services
      .flatMap(({ places }) => places)
      .filter(({ offering, target, control }) => {
        return offering === place.offering && target !== place.target && control === place.control
      })
    const taken = neighbours.reduce(
      (sum, { target }) => sum + this.#target(target).actual.capacity.desired,
      0,
    )
    return place.quotaReplicas - taken
  }

  /** The target as it is beside the run in which nothing was dispatched; both at the same moment. */
  compare(id: string): Comparison {
    this.advance()
    const target = this.#target(id)
    const compared = this.#compared.get(this.serviceOf(id).name)
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
    const sent = this.#sent(service)
    const sampleMs = this.scene.sampleSeconds * 1000
    const before = this.#states(service, 'actual')
    let past: States = {}
    for (const [id, state] of Object.entries(before)) past[id] = { ...state, backlog: 0 }
    const own = service.entry.demand.kind !== 'idle'
    const first = own ? this.state.tickAt + sampleMs : Math.max(play.startedAt, sent.demand + sampleMs)
    for (let at = tickOf(this.scene, first); at <= this.state.tickAt; at += sampleMs) {
      const next = this.#run(service, past, play, at)
      if (!next) continue
      past = next.states
      this.outbox.add(service, next.reading, sent, this.state.tickAt - fineMs)
    }
    const actual = own ? before : past
    this.#keep(service, actual, actual, this.state.tickAt)
  }

  stop(service: Service): void {
    const { [service.name]: _, ...others } = this.plays
    this.plays = others
  }

  /** @throws NotFoundError */
  serviceOf(targetOrName: string): Service {
    const service = this.services.find(
      ({ name, places }) => name === targetOrName || places.some(({ target }) => target === targetOrName),
    )
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
    const play = this.plays[service.name]
    const actual = this.#run(service, this.#states(service, 'actual'), play, at)
    const undisturbed = this.#run(service, this.#states(service, 'undisturbed'), play, at)
    if (!actual || !undisturbed) return
    this.#keep(service, actual.states, undisturbed.states, null)
    this.#compared.set(service.name, { actual: actual.reading, undisturbed: undisturbed.reading })
    this.outbox.add(service, actual.reading, this.#sent(service), fineFrom)
  }

  #run(service: Service, states: States, play: Play | undefined, at: number) {
    const demand = demandOf(service, play, at)
    if (demand === null) return null
    const loop = loopAt(service.entry.submitter, states, at, this.state.startedAt)
    const interval = { at, seconds: this.scene.sampleSeconds, seed: readingSeed(service) }
    return advanceWorkload(service.places, states, demand, loop, interval)
  }

  #states(service: Service, run: 'actual' | 'undisturbed'): States {
    const states: States = {}
    for (const { target } of service.places) states[target] = this.#target(target)[run]
    return states
  }

  /** `since`: from when on the undisturbed run goes its own way; null where that stays as it is. */
  #keep(service: Service, actual: States, undisturbed: States, since: number | null): void {
    const targets = { ...this.state.targets }
    for (const { target: id } of service.places) {
      const before = this.#target(id)
      targets[id] = {
        ...before,
        actual: actual[id] ?? before.actual,
        undisturbed: undisturbed[id] ?? before.undisturbed,
        undisturbedSince: since ?? before.undisturbedSince,
      }
    }
    this.state = { ...this.state, targets }
  }

  #sent(service: Service) {
    return this.state.sent[service.name] ?? { demand: 0, others: 0 }
  }

  #target(id: string): TargetState {
    const target = this.state.targets[id]
    if (!target) throw new NotFoundError('target of the sandbox', id)
    return target
  }

  #setTarget(id: string, target: TargetState): void {
    this.state = { ...this.state, targets: { ...this.state.targets, [id]: target } }
  }
}

function comparedReading(reading: Reading): ComparedReading {
  const { demand, readyReplicas, backlog, latencyP99Ms, errorRatio, costPerHourUsd } = reading
  return { demand, readyReplicas, backlog, latencyP99Ms, errorRatio, costPerHourUsd }
}
