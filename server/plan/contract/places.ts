import { z } from 'zod'
import { controls } from './action.ts'
import { byUserRegion, hourly } from './hours.ts'
import { servingInput } from './serving.ts'

const carbon = z.number().min(0).max(2_000)
const price = z.number().positive().max(10_000)
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use a–z, 0–9 and "-", at most 63')

/** A place that can run things. Carbon intensity in grams of CO₂ per kilowatt-hour; with a profile of the day, `carbonGPerKwh` is a typical one. */
export const domainInput = z.object({
  name: slug,
  title: z.string().min(1).max(100),
  kind: z.enum(['on_premise', 'cloud', 'edge']),
  region: z.string().min(1).max(63),
  jurisdiction: z.string().min(2).max(63),
  securityTier: z.number().int().min(1).max(5),
  carbonGPerKwh: carbon,
  carbonProfileGPerKwh: hourly(carbon),
  /** Milliseconds there and back between users of a region and this place. */
  userLatencyMs: byUserRegion(z.number().min(0).max(10_000)),
  sandbox: z.boolean().default(false),
})
export type DomainInput = z.input<typeof domainInput>

const serverlessFields = ['pricePerMillionRequestsUsd', 'coldStartSeconds', 'concurrencyPerInstance'] as const

/** *instances*: replicas that are rented by the hour. *serverless*: paid by the request, and by the hour for what is kept warm. */
export const offeringKinds = ['instances', 'serverless'] as const
export type OfferingKind = (typeof offeringKinds)[number]

/** What a domain sells. Lead times are quantiles of order to ready. A replica of a serverless offering is a warm instance. */
export const offeringInput = z
  .object({
    domainId: z.uuid(),
    kind: z.enum(offeringKinds).default('instances'),
    hardwareClass: z.string().min(1).max(63),
    market: z.enum(['on_demand', 'spot', 'reserved', 'owned']),
    /** With prices by the hour of the day: a typical one, for where one number is asked for. */
    pricePerReplicaHourUsd: price,
    priceProfileUsd: hourly(price),
    powerKw: z.number().min(0).max(1_000),
    leadTimeP50Seconds: z.number().int().min(0).max(86_400),
    leadTimeP90Seconds: z.number().int().min(0).max(86_400),
    /** Of one spot replica: how often it is taken away in an hour. */
    interruptionRatePerHour: z.number().min(0).max(1).default(0),
    quotaReplicas: z.number().int().min(0).max(100_000),
    /** Of a serverless offering alone. */
    pricePerMillionRequestsUsd: z.number().min(0).max(1_000_000).nullable().default(null),
    coldStartSeconds: z.number().min(0).max(3_600).nullable().default(null),
    /** Requests that one instance serves at once. */
    concurrencyPerInstance: z.number().int().min(1).max(10_000).nullable().default(null),
  })
  .refine((offering) => offering.leadTimeP50Seconds <= offering.leadTimeP90Seconds, {
    message: 'the median lead time must not exceed its 90% quantile',
    path: ['leadTimeP50Seconds'],
  })
  .superRefine((offering, { addIssue }) => {
    const serverless = offering.kind === 'serverless'
    for (const field of serverlessFields) {
      if (serverless === (offering[field] !== null)) continue
      const message = serverless
        ? 'a serverless offering needs this'
        : 'only an offering of the kind "serverless" has this'
      addIssue({ code: 'custom', path: [field], message })
    }
    const profile = offering.priceProfileUsd
    const { pricePerReplicaHourUsd: typical } = offering
    if (profile.length > 0 && (typical < Math.min(...profile) || typical > Math.max(...profile))) {
      const message = 'must lie between the lowest and the highest price of the day'
      addIssue({ code: 'custom', path: ['pricePerReplicaHourUsd'], message })
    }
  })
export type OfferingInput = z.input<typeof offeringInput>

/** Least and most that one replica may serve, units per second: beyond them replicas can no longer be counted. */
export const capacityBounds = { least: 1e-6, most: 1e12 }
const { least, most } = capacityBounds

/**
 * A workload may have several pools. `control`: what the target's one number stands for. `priority`: of a workload's serving
 * pools the lowest leads. `capacityPerReplica`: units of the demand signal that one ready replica (node, warm instance)
 * serves within the objective; without meaning where the control serves no demand (*run*, *size*).
 */
export const poolInput = z.object({
  workloadId: z.uuid(),
  offeringId: z.uuid(),
  targetId: z.uuid(),
  control: z.enum(controls).default('replicas'),
  priority: z.number().int().min(0).max(1_000).default(0),
  capacityPerReplica: z
    .number()
    .min(least, `one replica must serve at least ${least} units per second`)
    .max(most, `one replica can serve at most ${most} units per second`),
  serving: servingInput.nullable().default(null),
  /** Of *nodes*: the pool of replicas that run on them; null: they serve by themselves. Of *size*: the pool that it cuts; null: the only replicas that the workload has. */
  governsPoolId: z.uuid().nullable().default(null),
  /** Of nodes that hold replicas: how many fit on one. */
  replicasPerNode: z.number().int().min(1).max(10_000).nullable().default(null),
})
export type PoolInput = z.input<typeof poolInput>

const { name: _, sandbox: __, carbonProfileGPerKwh, userLatencyMs, ...domainTerms } = domainInput.shape
/** What may change of a domain later: its name is what people and files know it by. */
export const domainUpdate = z.strictObject({
  id: z.uuid(),
  ...z
    .object({
      ...domainTerms,
      carbonProfileGPerKwh: carbonProfileGPerKwh.unwrap(),
      userLatencyMs: userLatencyMs.unwrap(),
    })
    .partial().shape,
})
export type DomainUpdate = z.infer<typeof domainUpdate>

const {
  domainId: ___,
  hardwareClass: ____,
  market: _____,
  kind,
  priceProfileUsd,
  interruptionRatePerHour,
  pricePerMillionRequestsUsd,
  coldStartSeconds,
  concurrencyPerInstance,
  ...terms
} = offeringInput.shape
/** What may change of an offering later; hardware and market say which one it is. */
export const offeringUpdate = z.strictObject({
  id: z.uuid(),
  ...z
    .object({
      ...terms,
      kind: kind.unwrap(),
      priceProfileUsd: priceProfileUsd.unwrap(),
      interruptionRatePerHour: interruptionRatePerHour.unwrap(),
      pricePerMillionRequestsUsd: pricePerMillionRequestsUsd.unwrap(),
      coldStartSeconds: coldStartSeconds.unwrap(),
      concurrencyPerInstance: concurrencyPerInstance.unwrap(),
    })
    .partial().shape,
})
export type OfferingUpdate = z.infer<typeof offeringUpdate>

const { offeringId, capacityPerReplica, priority, governsPoolId, replicasPerNode } = poolInput.shape
/** What may change of a pool later; it keeps its workload, its target and its control, which approvals are bound to. */
export const poolUpdate = z.strictObject({
  id: z.uuid(),
  ...z
    .object({
      offeringId,
      capacityPerReplica,
      priority: priority.unwrap(),
      serving: poolInput.shape.serving.unwrap(),
      governsPoolId: governsPoolId.unwrap(),
      replicasPerNode: replicasPerNode.unwrap(),
    })
    .partial().shape,
})
export type PoolUpdate = z.infer<typeof poolUpdate>

export type OfferingView = z.output<typeof offeringInput> & { id: string }
export type DomainView = z.output<typeof domainInput> & { id: string; offerings: OfferingView[] }
