import { z } from 'zod'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use a–z, 0–9 and "-", at most 63')

/** A place that can run things. Carbon intensity in grams of CO₂ per kilowatt-hour. */
export const domainInput = z.object({
  name: slug,
  title: z.string().min(1).max(100),
  kind: z.enum(['on_premise', 'cloud', 'edge']),
  region: z.string().min(1).max(63),
  jurisdiction: z.string().min(2).max(63),
  securityTier: z.number().int().min(1).max(5),
  carbonGPerKwh: z.number().min(0).max(2_000),
  sandbox: z.boolean().default(false),
})
export type DomainInput = z.input<typeof domainInput>

/** What a domain sells. Lead times are quantiles of order to ready. */
export const offeringInput = z
  .object({
    domainId: z.uuid(),
    hardwareClass: z.string().min(1).max(63),
    market: z.enum(['on_demand', 'spot', 'reserved', 'owned']),
    pricePerReplicaHourUsd: z.number().positive().max(10_000),
    powerKw: z.number().min(0).max(1_000),
    leadTimeP50Seconds: z.number().int().min(0).max(86_400),
    leadTimeP90Seconds: z.number().int().min(0).max(86_400),
    interruptionRatePerHour: z.number().min(0).max(1).default(0),
    quotaReplicas: z.number().int().min(0).max(100_000),
  })
  .refine((offering) => offering.leadTimeP50Seconds <= offering.leadTimeP90Seconds, {
    message: 'the median lead time must not exceed its 90% quantile',
    path: ['leadTimeP50Seconds'],
  })
export type OfferingInput = z.input<typeof offeringInput>

/** `capacityPerReplica`: units of the demand signal that one ready replica serves within the objective. */
export const poolInput = z.object({
  workloadId: z.uuid(),
  offeringId: z.uuid(),
  targetId: z.uuid(),
  capacityPerReplica: z.number().positive(),
})
export type PoolInput = z.input<typeof poolInput>

/** What may change of a domain later: its name is what people and files know it by. */
export const domainUpdate = z.strictObject({
  id: z.uuid(),
  ...domainInput.omit({ name: true, sandbox: true }).partial().shape,
})
export type DomainUpdate = z.infer<typeof domainUpdate>

const { domainId: _, hardwareClass: __, market: ___, interruptionRatePerHour, ...terms } = offeringInput.shape
/** What may change of an offering later; hardware and market say which one it is. */
export const offeringUpdate = z.strictObject({
  id: z.uuid(),
  ...z.object({ ...terms, interruptionRatePerHour: interruptionRatePerHour.unwrap() }).partial().shape,
})
export type OfferingUpdate = z.infer<typeof offeringUpdate>

/** What may change of a pool later; it keeps its workload and its target, which approvals are bound to. */
export const poolUpdate = z.strictObject({
  id: z.uuid(),
  ...poolInput.pick({ offeringId: true, capacityPerReplica: true }).partial().shape,
})
export type PoolUpdate = z.infer<typeof poolUpdate>

export type OfferingView = z.output<typeof offeringInput> & { id: string }
export type DomainView = z.output<typeof domainInput> & { id: string; offerings: OfferingView[] }
