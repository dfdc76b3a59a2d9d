import { createHash } from 'node:crypto'
import { z } from 'zod'
import { InvalidInputError } from '../../kernel/errors.ts'
import { BODY, HEAD, HIDDEN, INPUTS, OUTPUTS, PARAMETERS } from './net-shape.ts'

/** A base as it is kept and moved: JSON. Numbers are base64 of little-endian float32, in the order of `net-shape.ts`. */
export const StoredBaseSchema = z.object({
  format: z.literal('infrasage-base/1'),
  version: z.string().regex(/^base-\d+$/),
  /** The base that it was refitted from; null for one trained from nothing. */
  parent: z.string().nullable(),
  shape: z.object({ inputs: z.number(), hidden: z.number(), outputs: z.number() }),
  /** Rows that it was trained on. */
  trainedRows: z.number().int().nonnegative(),
  weights: z.string(),
  /** Diagonal of the Fisher information of the weights: how much each matters for what it has learned. */
  fisher: z.string(),
})
export type StoredBase = z.infer<typeof StoredBaseSchema>

/** How a workload's layer learns: η, the share of it that pulls back to the base, and what keeps rates finite. */
export const ADAPTATION = { rate: 0.001, pull: 0.2, floor: 0.02 } as const

/** A base ready for use. Shared by every engine of a process and never changed. */
export type BaseModel = {
  readonly version: string
  readonly body: Float64Array
  readonly head: Float64Array
  /** Step size of each head parameter, and its share of pull towards the base per step. */
  readonly rates: Float64Array
  readonly pulls: Float64Array
}

/** SHA-256 of what a base computes with: shape, weights and Fisher information. */
export function baseHash({ shape, weights, fisher }: StoredBase): string {
  const text = `${shape.inputs}/${shape.hidden}/${shape.outputs}\n${weights}\n${fisher}`
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Makes a stored base usable. The rate of a parameter falls with the root of its Fisher information (a diagonal natural
 * gradient, Amari 1998), and elastic weight consolidation pulls it back in proportion to it (Kirkpatrick et al. 2017).
 * @throws InvalidInputError when it is of another shape than this net.
 */
export function readBase(stored: StoredBase): BaseModel {
  const { inputs, hidden, outputs } = stored.shape
  const weights = decode(stored.weights)
  const fisher = decode(stored.fisher)
  const fits = inputs === INPUTS && hidden === HIDDEN && outputs === OUTPUTS
  if (!fits || weights.length !== PARAMETERS || fisher.length !== PARAMETERS) {
    throw new InvalidInputError(
      `Base model "${stored.version}" is ${inputs} × ${hidden} × ${outputs} with ${weights.length} weights; this net is ` +
        `${INPUTS} × ${HIDDEN} × ${OUTPUTS} with ${PARAMETERS}.`,
    )
  }
  if (!weights.every(Number.isFinite) || !fisher.every((value) => Number.isFinite(value) && value >= 0)) {
    throw new InvalidInputError(`Base model "${stored.version}" holds numbers that are none, or below zero.`)
  }
  const rates = new Float64Array(HEAD)
  const pulls = new Float64Array(HEAD)
  for (let i = 0; i < HEAD; i++) {
    const root = Math.sqrt(fisher[BODY + i] ?? 0)
    rates[i] = ADAPTATION.rate / (root + ADAPTATION.floor)
    pulls[i] = (ADAPTATION.rate * ADAPTATION.pull * root * root) / (root + ADAPTATION.floor)
  }
  return { version: stored.version, body: weights.slice(0, BODY), head: weights.slice(BODY), rates, pulls }
}

/** Weights and Fisher information of a stored base, for training. */
export function baseParameters(stored: StoredBase): { weights: Float64Array; fisher: Float64Array } {
  readBase(stored)
  return { weights: decode(stored.weights), fisher: decode(stored.fisher) }
}

/** The stored form; numbers are rounded to float32, so reading it back gives what was measured with it. */
export function storeBase(
  about: Pick<StoredBase, 'version' | 'parent' | 'trainedRows'>,
  weights: Float64Array,
  fisher: Float64Array,
): StoredBase {
  return {
    format: 'infrasage-base/1',
    ...about,
    shape: { inputs: INPUTS, hidden: HIDDEN, outputs: OUTPUTS },
    weights: encode(weights),
    fisher: encode(fisher),
  }
}

function encode(values: Float64Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4)
  return bytes.toString('base64')
}

function decode(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64')
  return Float64Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(i * 4))
}
