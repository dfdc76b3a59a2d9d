import { createHash } from 'node:crypto'
import { parse, YAMLError } from 'yaml'
import { z } from 'zod'
import { InvalidInputError } from '../../kernel/errors.ts'
import { capacityBounds } from '../../plan/contract.ts'
import type { LatencyTerms, PoolTerms } from '../../plan/index.ts'

const number = z.number('expected a number')
const whole = z.int('expected a whole number')
const positive = number.positive('expected a number above 0')
const notNegative = number.nonnegative('expected a number from 0')

const leadQuantiles = z
  .array(notNegative)
  .min(2, 'expected at least two quantiles, minimum to maximum')
  .max(10_001, 'expected at most 10001 quantiles')
  .refine((values) => values.every((value, i) => value >= (values[i - 1] ?? 0)), {
    message: 'expected quantiles that do not fall, minimum to maximum',
  })

const fields = z.strictObject({
  /** Units per second of one ready replica at 100 %. */
  capacityPerReplica: positive
    .min(capacityBounds.least, `expected at least ${capacityBounds.least}`)
    .max(capacityBounds.most, `expected at most ${capacityBounds.most}`),
  targetUtilisation: positive.default(0.7),
  serviceTimeSeconds: positive.default(1),
  sloP99Seconds: positive.default(2),
  arrivalScv: notNegative.default(1),
  serviceScv: notNegative.default(1),
  minReplicas: whole.min(1, 'expected a whole number from 1').default(1),
  maxReplicas: whole.max(100_000, 'expected at most 100000').default(200),
  initialReplicas: z
    .union([z.literal('auto'), whole.min(0)], 'expected "auto" or a whole number from 0')
    .default('auto'),
  pricePerReplicaHour: positive.default(1),
  leadTimeSeconds: z
    .union(
      [notNegative, leadQuantiles],
      'expected seconds from 0, or a list of at least two quantiles that do not fall',
    )
    .default(300),
  leadSeed: whole.min(0, 'expected a whole number from 0').default(1),
  approvalDelaySeconds: notNegative.default(0),
  removeDelaySeconds: notNegative.default(0),
  penaltyPerReplicaHourShort: positive.default(20),
  shortfallUtilisation: positive.default(1),
  startCost: notNegative.default(0),
  removeCost: notNegative.default(0),
  /** Control interval of the product's own policy; 0 = every step. */
  stepSeconds: notNegative.default(0),
  evalFrom: notNegative.lt(1, 'expected a number from 0 to below 1').default(0.5),
})
const KEYS = Object.keys(fields.shape)

/** The quantile that is served is 1 − κ/p, which is 1 for a computer where p is much larger still. */
const MOST_PENALTY_RATIO = 1e9

/** What a replay is about beside its demand; keys, defaults and bounds of the configuration file. */
export const replayConfig = fields
  .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas, {
    message: 'must not be below minReplicas',
    path: ['maxReplicas'],
  })
  .refine(({ penaltyPerReplicaHourShort: p, pricePerReplicaHour: price }) => p > price, {
    message: 'must be above pricePerReplicaHour',
    path: ['penaltyPerReplicaHourShort'],
  })
  .refine(
    ({ penaltyPerReplicaHourShort: p, pricePerReplicaHour: price }) => !(p > price * MOST_PENALTY_RATIO),
    {
      message: `must be at most ${MOST_PENALTY_RATIO} times pricePerReplicaHour`,
      path: ['penaltyPerReplicaHourShort'],
    },
  )
export type ReplayConfig = z.output<typeof replayConfig>

/**
 * Reads a configuration and the hash of its text.
 * @throws InvalidInputError naming each key that is unknown, missing or out of bounds.
 */
export function readReplayConfig(text: string, name: string): { config: ReplayConfig; sha256: string } {
  const raw = parseYaml(text, name)
  if (!(raw instanceof Object) || Array.isArray(raw))
    throw new InvalidInputError(`${name} holds no keys; expected at least capacityPerReplica.`)
  const parsed = replayConfig.safeParse(raw)
  if (parsed.success) return { config: parsed.data, sha256: createHash('sha256').update(text).digest('hex') }
  const details = parsed.error.issues.map((issue) => {
    const { path, message } = issue
    if (issue.code === 'unrecognized_keys') {
      const unknown = issue.keys.map((key) => `"${key}"`).join(', ')
      return { path: '', message: `there is no key ${unknown}`, expected: `some of ${KEYS.join(', ')}` }
    }
    const key = path.map(String).join('.')
    const missing = issue.code === 'invalid_type' && path.length === 1 && !(key in raw)
    return { path: key, message: missing ? 'is missing' : message }
  })
  const said = details
    .map(
      ({ path, message, expected }) =>
        `${path ? `${path}: ` : ''}${message}${expected ? `; expected ${expected}` : ''}`,
    )
    .join('; ')
  throw new InvalidInputError(`${name} is not valid: ${said}.`, details)
}

function parseYaml(text: string, name: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    // An alias of nothing is told by a plain error.
    const message = error instanceof Error ? error.message : String(error)
    const [line] = error instanceof YAMLError ? (error.linePos ?? []) : []
    throw new InvalidInputError(`${name} is not YAML: ${line ? `line ${line.line}: ` : ''}${message}`)
  }
}

/** The terms of the replayed pool, at the step of its demand. */
export function termsOf(config: ReplayConfig, stepSeconds: number): PoolTerms & LatencyTerms {
  const { evalFrom: _, initialReplicas: __, stepSeconds: ___, targetUtilisation: ____, ...terms } = config
  return { ...terms, stepSeconds }
}
