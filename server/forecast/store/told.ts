import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Tx } from '../../kernel/db.ts'
import type { ModelInput } from '../../kernel/generated/client.ts'
import { type Lineage, type PlannedEvent, PlannedEventSchema } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { eventsInSteps } from '../events/in-steps.ts'
import type { BaseModel } from '../neural/base-model.ts'
import { baseOfVersion } from './base-model.ts'

/** Quantiles of a team's own forecaster for one origin: a row per lead, a value per level. */
export type Offer = { name: string; quantiles: readonly (readonly number[])[] }

/** All that a model is told in one turn; told again to the same state, it gives the same state. */
export type Told = {
  /** Steps in order, NaN where nothing was measured. */
  values: Float64Array
  offer: Offer | null
  /** Planned events that touch the turn's steps or the horizon after them. */
  events: PlannedEvent[]
  /** Base that the neural expert is to use from this turn on; null: the one before. */
  base: BaseModel | null
}

/** Steps learned before other work of the process gets its turn. */
const stepsPerTurn = 250

/** Tells an engine whose first step began at `trainedFrom` what belongs to one turn, in the one order that there is. */
export async function tell(engine: Engine, told: Told, trainedFrom: Date): Promise<void> {
  const { values, offer, events, base } = told
  if (base !== null) engine.adopt(base)
  const planned = eventsInSteps(events, trainedFrom, engine.options.stepSeconds)
  for (const [i, value] of values.entries()) {
    if (i % stepsPerTurn === stepsPerTurn - 1) await nextTurn()
    // Again in a long history: an engine keeps no more than the next few events.
    if (i % stepsPerTurn === 0) engine.plan(planned)
    engine.learn(value, values.length - 1 - i)
  }
  if (offer !== null) engine.offer(offer.name, offer.quantiles)
}

/** What a forecast says of the turn that it was made in. `engine`: after it was told. */
export function lineageOf({ values, offer }: Told, origin: Date, engine: Engine): Lineage {
  const { stepSeconds } = engine.options
  const first = origin.getTime() - (values.length - 1) * stepSeconds * 1000
  return {
    telemetryFrom: new Date(first).toISOString(),
    telemetryTo: origin.toISOString(),
    learned: values.length,
    baseModel: engine.baseVersion,
    plugin: offer?.name ?? null,
  }
}

/** Keeps what was told in the turn that ended with `trainedTo`. */
export async function keepTold(tx: Tx, checkpointId: string, trainedTo: Date, told: Told): Promise<void> {
  const { values, offer, events, base } = told
  await tx.modelInput.create({
    data: {
      checkpointId,
      trainedTo,
      values: bytesOf(values),
      events: events.length > 0 ? events : undefined,
      offer: offer === null ? null : bytesOf(Float64Array.from(offer.quantiles.flat())),
      offerName: offer?.name ?? null,
      base: base?.version ?? null,
    },
  })
}

/** What was told in a kept turn. `levels`: how many values an offered row has. */
export async function readTold(tx: Tx, row: ModelInput, levels: number): Promise<Told> {
  const base = row.base === null ? null : await baseOfVersion(tx, row.base)
  const events = PlannedEventSchema.array().parse(row.events ?? [])
  return { values: doublesOf(row.values), offer: readOffer(row, levels), events, base }
}

function readOffer({ offer, offerName }: ModelInput, levels: number): Offer | null {
  if (offer === null || offerName === null) return null
  const values = Array.from(doublesOf(offer))
  const quantiles = Array.from({ length: values.length / levels }, (_, lead) =>
    values.slice(lead * levels, (lead + 1) * levels),
  )
  return { name: offerName, quantiles }
}

function bytesOf(values: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(values.length * 8))
  for (const [i, value] of values.entries()) bytes.setFloat64(i * 8, value, true)
  return new Uint8Array(bytes.buffer)
}

function doublesOf(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float64Array.from({ length: bytes.byteLength / 8 }, (_, i) => view.getFloat64(i * 8, true))
}
