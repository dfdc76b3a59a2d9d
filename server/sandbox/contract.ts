import { z } from 'zod'
import { sandboxRef } from '../dispatch/contract.ts'
import { domainInput, offeringInput, policyValues, poolInput } from '../plan/contract.ts'
import { signalName, slug, workloadInput } from '../telemetry/contract.ts'

/** `PUT /v1/targets/:id/scale`: one absolute set-point of one dispatch. */
export const scaleBody = z.object({
  replicas: z.number().int().min(0).max(100_000),
  dispatchId: z.string().min(1).max(200),
  fencingToken: z.number().int().nonnegative(),
  dryRun: z.boolean().default(false),
})

/**
 * `POST /v1/play`: lets a trace stand in for a workload's demand, one step each `stepSeconds / speed`, every value
 * times `scale`. The first `historySteps` steps are taken to have happened already.
 */
export const playBody = z
  .object({
    workload: z.string().min(1).optional(),
    targetId: z.string().min(1).optional(),
    steps: z.array(z.number().finite().nonnegative()).min(1).max(200_000),
    stepSeconds: z.number().positive().max(86_400),
    speed: z.number().positive().max(100_000).default(1),
    scale: z.number().positive().default(1),
    historySteps: z.number().int().nonnegative().default(0),
  })
  .refine((body) => (body.workload === undefined) !== (body.targetId === undefined), {
    message: 'give either the workload or the targetId',
    path: ['workload'],
  })
  .refine((body) => body.historySteps < body.steps.length, {
    message: 'leave at least one step to play from now on',
    path: ['historySteps'],
  })
export type PlayBody = z.input<typeof playBody>

export const stopBody = z.object({ workload: z.string().min(1) })

/** Answer to `POST /v1/play`. Times in ISO. */
export const playAnswer = z.object({
  workload: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  steps: z.number().int(),
  secondsPerStep: z.number(),
})
export type PlayAnswer = z.infer<typeof playAnswer>

/** Body of every refusal. */
export const refusalBody = z.object({ code: z.string(), message: z.string() })

/** A service that people use by day. Rates in units of the demand signal; hours are local to its users. */
const diurnalDemand = z.object({
  kind: z.literal('diurnal'),
  nightRate: z.number().nonnegative(),
  dayRate: z.number().positive(),
  morningHour: z.number(),
  morningWidthMinutes: z.number().positive(),
  eveningHour: z.number(),
  eveningWidthMinutes: z.number().positive(),
  /** Share of the day's rise on each day, Sunday first. */
  weekdays: z.array(z.number().positive()).length(7),
  noiseShare: z.number().min(0).max(0.5),
})
export type DiurnalDemand = z.infer<typeof diurnalDemand>

/** A service that is used in bursts, of which each may set off others. Rates in units of the demand signal. */
const burstDemand = z.object({
  kind: z.literal('bursts'),
  baseRate: z.number().positive(),
  /** Share by which the base swings over the day (UTC). */
  daySwing: z.number().min(0).max(1),
  /** One burst starts in every slot, this far into it, give or take the jitter. */
  slotSeconds: z.number().positive(),
  offsetSeconds: z.number().nonnegative(),
  jitterSeconds: z.number().nonnegative(),
  burstRate: z.number().positive(),
  burstSpread: z.number().nonnegative(),
  riseSeconds: z.number().positive(),
  /** Mean number of bursts that one sets off; below 1. */
  branching: z.number().min(0).max(0.9),
  delaySeconds: z.number().positive(),
  noiseShare: z.number().min(0).max(0.5),
})
export type BurstDemand = z.infer<typeof burstDemand>

/** Jobs that arrive in a window of the night (UTC) and hardly otherwise. */
const nightlyDemand = z.object({
  kind: z.literal('nightly'),
  idleRate: z.number().nonnegative(),
  windowRate: z.number().positive(),
  startHourUtc: z.number().min(12).max(24),
  hours: z.number().positive().max(12),
  edgeMinutes: z.number().positive(),
  /** How much the amount differs from night to night, as a standard deviation of its logarithm. */
  nightSpread: z.number().nonnegative(),
  noiseShare: z.number().min(0).max(0.5),
})
export type NightlyDemand = z.infer<typeof nightlyDemand>

/** GPUs that training jobs ask for: a few for development, a daily run, and jobs that come as they come. */
const trainingDemand = z.object({
  kind: z.literal('training'),
  developmentGpus: z.number().int().nonnegative(),
  daily: z.object({ hourUtc: z.number(), hours: z.number().positive(), gpus: z.number().int().positive() }),
  slotHours: z.number().positive(),
  /** Probability that a job is submitted in a slot. */
  jobProbability: z.number().min(0).max(1),
  jobGpus: z.array(z.number().int().positive()).min(1),
  jobHours: z.number().positive(),
  jobHoursSpread: z.number().nonnegative(),
})
export type TrainingDemand = z.infer<typeof trainingDemand>

/** `idle`: no demand of its own; the workload waits for a trace to be played. */
const demandSpec = z.discriminatedUnion('kind', [
  diurnalDemand,
  burstDemand,
  nightlyDemand,
  trainingDemand,
  z.object({ kind: z.literal('idle') }),
])
export type DemandSpec = z.infer<typeof demandSpec>

/** How a workload's requests or jobs wait and are served. */
const queueSpec = z.object({
  /** Units per second of one ready replica with nothing left over. */
  throughputPerReplica: z.number().positive(),
  /** Requests that one replica serves at a time; null where only the waiting work counts (batch and training). */
  slotsPerReplica: z.number().int().positive().nullable(),
  /** p99 of response time without waiting, in milliseconds. */
  serviceP99Ms: z.number().nonnegative(),
  /** Who waits longer gives up and counts as an error; null: nobody does. */
  timeoutSeconds: z.number().positive().nullable(),
  /** Units of work in one request or job. */
  workPerItem: z.number().positive(),
})
export type QueueSpec = z.infer<typeof queueSpec>

/** How somebody scaled by hand before InfraSage came: looks every so often, and keeps to a utilisation. */
const pastScaling = z.object({
  everySeconds: z.number().positive(),
  utilization: z.number().positive().max(1.5),
  minReplicas: z.number().int().nonnegative(),
})
export type PastScaling = z.infer<typeof pastScaling>

const { domainId: _, ...offeringShape } = offeringInput.shape
const { sandbox: __, ...domainShape } = domainInput.shape
const { sandbox: ___, ...workloadShape } = workloadInput.shape
const sceneOffering = z.object(offeringShape)
const sceneDomain = z.object({ ...domainShape, offerings: z.array(sceneOffering).min(1) })

const sceneWorkload = z.object({
  workload: z.object(workloadShape),
  policy: policyValues,
  pool: z.object({
    domain: slug,
    hardwareClass: z.string().min(1),
    market: z.enum(['on_demand', 'spot', 'reserved', 'owned']),
    /** Units of the demand signal that one ready replica serves within the workload's objective. */
    capacityPerReplica: z.number().positive(),
    serving: poolInput.shape.serving,
    target: sandboxRef,
    /** Replicas at the very first start; null: what somebody would have scaled to by then. */
    initialReplicas: z.number().int().nonnegative().nullable(),
  }),
  demand: demandSpec,
  /** For a diurnal demand: seconds after the first start at which a morning's rise passes the initial capacity. */
  openingRiseSeconds: z.number().positive().nullable(),
  queue: queueSpec,
  tokensPerRequest: z.number().positive().nullable(),
  pastScaling,
  /** Signals beside the demand. */
  signals: z.array(signalName),
})

/** A simulated cloud as data: its places, what they sell, who uses them, and how. */
export const sceneSchema = z
  .object({
    seed: z.number().int(),
    historyDays: z.number().nonnegative().max(60),
    /** Interval of the simulation and of live samples; divides every workload's step. */
    sampleSeconds: z.number().positive().max(60),
    domains: z.array(sceneDomain).min(1),
    workloads: z.array(sceneWorkload).min(1),
  })
  .superRefine((scene, { addIssue }) => {
    for (const [index, { workload, pool }] of scene.workloads.entries()) {
      if (!findOffering(scene.domains, pool)) {
        const message = `no domain sells ${pool.hardwareClass} (${pool.market}) in ${pool.domain}`
        addIssue({ code: 'custom', path: ['workloads', index, 'pool'], message })
      }
      if ((workload.stepSeconds / scene.sampleSeconds) % 1 !== 0) {
        const message = `the step of ${workload.stepSeconds} s is no multiple of ${scene.sampleSeconds} s`
        addIssue({ code: 'custom', path: ['workloads', index, 'workload', 'stepSeconds'], message })
      }
    }
  })
export type Scene = z.infer<typeof sceneSchema>
export type SceneInput = z.input<typeof sceneSchema>
export type SceneWorkload = Scene['workloads'][number]

/** The offering that a pool stands in, and its domain. */
export function findOffering(domains: Scene['domains'], pool: SceneWorkload['pool']) {
  const domain = domains.find(({ name }) => name === pool.domain)
  const offering = domain?.offerings.find(
    ({ hardwareClass, market }) => hardwareClass === pool.hardwareClass && market === pool.market,
  )
  return domain && offering ? { domain, offering } : null
}
