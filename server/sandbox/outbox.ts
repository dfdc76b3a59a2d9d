import { metricName } from './contract.ts'
import type { Reading } from './model/service.ts'
import type { Service } from './services.ts'

/** What one series carries in a write. */
export type OutgoingSeries = {
  labels: Record<string, string>
  samples: { at: number; value: number }[]
}

type Point = { at: number; values: number[] }

/** Part of a workload's signals with a cursor of its own: demand goes first, because everything waits for it. */
export type Part = 'demand' | 'others'
type Stream = { service: Service; part: Part; points: Point[]; measures: Service['measures'][number][] }

/** A write, and what it means for the cursors once the intake has taken it. */
export type Batch = {
  series: OutgoingSeries[]
  samples: number
  taken: { workload: string; part: Part; at: number; points: number }[]
}

/**
 * Samples that the intake has not taken yet, in the order of time within each part. The demand of every workload
 * goes before everything else, because forecasts wait for it.
 */
export class Outbox {
  readonly #streams: Stream[]
  readonly #steps = new Map<string, { at: number; sums: number[]; readings: number }>()

  constructor(services: readonly Service[]) {
    const [demand, others]: [Stream[], Stream[]] = [[], []]
    for (const service of services) {
      const [first, ...rest] = service.measures
      demand.push({ service, part: 'demand', points: [], measures: [first] })
      if (rest.length > 0) others.push({ service, part: 'others', points: [], measures: rest })
    }
    this.#streams = [...demand, ...others]
  }

  /**
   * Takes a reading, in the order of time. `after`: what was taken of each part before. A reading before `fineFrom`
   * leaves as part of its step's mean, stamped with the start of the step; a later one leaves as it is.
   */
  add(service: Service, reading: Reading, after: Record<Part, number>, fineFrom: number): void {
    const values = service.measures.map(({ read }) => read(reading))
    const stepMs = service.entry.workload.stepSeconds * 1000
    const stepAt = Math.floor(reading.at / stepMs) * stepMs
    const coarse = stepAt + stepMs <= fineFrom
    const open = this.#steps.get(service.name)
    if (open && (!coarse || open.at !== stepAt)) {
      this.#steps.delete(service.name)
      const means = open.sums.map((sum) => sum / open.readings)
      this.#push(service, open.at, means, after)
    }
    if (!coarse) {
      this.#push(service, reading.at, values, after)
      return
    }
    const step = this.#steps.get(service.name) ?? { at: stepAt, sums: values.map(() => 0), readings: 0 }
    step.sums = step.sums.map((sum, index) => sum + (values[index] ?? 0))
    step.readings += 1
    this.#steps.set(service.name, step)
  }

  #push(service: Service, at: number, [demand = 0, ...others]: number[], after: Record<Part, number>): void {
    for (const stream of this.#streams) {
      if (stream.service !== service || at <= after[stream.part]) continue
      stream.points.push({ at, values: stream.part === 'demand' ? [demand] : others })
    }
  }

  get samples(): number {
    return this.#streams.reduce((sum, { points, measures }) => sum + points.length * measures.length, 0)
  }

  /** The next write of at most `maxSamples` samples, or null when nothing waits. Leaves the outbox as it is. */
  next(maxSamples: number): Batch | null {
    const batch: Batch = { series: [], samples: 0, taken: [] }
    for (const { service, part, points, measures } of this.#streams) {
      const fit = Math.floor((maxSamples - batch.samples) / measures.length)
      const chosen = points.slice(0, fit)
      const last = chosen.at(-1)
      if (!last) continue
      for (const [index, { signal }] of measures.entries()) {
        const labels = { __name__: metricName(signal), domain: service.domain, workload: service.name }
        const samples = chosen.map(({ at, values }) => ({ at, value: values[index] ?? 0 }))
        batch.series.push({ labels, samples })
      }
      batch.samples += chosen.length * measures.length
      batch.taken.push({ workload: service.name, part, at: last.at, points: chosen.length })
    }
    return batch.samples > 0 ? batch : null
  }

  /** Forgets what a write carried. */
  drop(batch: Batch): void {
    for (const { workload, part, points } of batch.taken) {
      const stream = this.#streams.find((one) => one.service.name === workload && one.part === part)
      stream?.points.splice(0, points)
    }
  }
}
