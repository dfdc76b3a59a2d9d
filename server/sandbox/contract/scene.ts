import { z } from 'zod'
import { sandboxRef } from '../../dispatch/contract.ts'
import { controls, domainInput, offeringInput, policyValues, poolInput } from '../../plan/contract.ts'
import { signalName, slug, workloadInput } from '../../telemetry/contract.ts'
import { demandSpec, submitterSpec } from './demand.ts'

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

const scenePool = z.object({
  domain: slug,
  hardwareClass: z.string().min(1),
  market: z.enum(['on_demand', 'spot', 'reserved', 'owned']),
  /** Units of the demand signal that one ready replica serves within the workload's objective. */
  capacityPerReplica: poolInput.shape.capacityPerReplica,
  target: sandboxRef,
  /** Replicas at the very first start; null: what somebody would have scaled to by then. */
  initialReplicas: z.number().int().nonnegative().nullable(),
  /** What the target's number stands for. */
  control: z.enum(controls).default('replicas'),
  /** Of *nodes* and *size*: the target whose pool it governs. */
  governs: z.string().min(1).nullable().default(null),
  /** Of *nodes*: replicas that one of them holds. Of *size*: share of its full size that a replica makes use of. */
  perUnit: z.number().positive().default(1),
  /** Units per second of one ready replica here; null: as the workload's queue says. */
  throughputPerReplica: z.number().positive().nullable().default(null),
  /** Of *warm*: how long an instance that started by itself stays. */
  keepAliveSeconds: z.number().nonnegative().default(120),
  serving: poolInput.shape.serving,
})
export type ScenePool = z.infer<typeof scenePool>

const sceneWorkload = z.object({
  workload: z.object(workloadShape),
  policy: policyValues,
  /** Where demand is served first. */
  pool: scenePool,
  /** Further pools, in the order in which demand spills over to them, and targets that govern one of the pools. */
  otherPools: z.array(scenePool).default([]),
  demand: demandSpec,
  /** Seconds after the first start at which a morning's rise passes `openingLevel`, or a burst begins. */
  openingRiseSeconds: z.number().positive().nullable(),
  /** The same of an evening's fall. */
  openingFallSeconds: z.number().positive().nullable().default(null),
  /** Null: what the first pool serves at the first start. */
  openingLevel: z.number().positive().nullable().default(null),
  submitter: submitterSpec.nullable().default(null),
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
    /** Whether an offering's quota is for all pools at it together; otherwise each has it for itself. */
    sharedQuotas: z.boolean().default(false),
    domains: z.array(sceneDomain).min(1),
    workloads: z.array(sceneWorkload).min(1),
  })
  .superRefine((scene, { addIssue }) => {
    for (const [index, entry] of scene.workloads.entries()) {
      const { workload } = entry
      const path = ['workloads', index]
      const fault = (at: (string | number)[], message: string) =>
        addIssue({ code: 'custom', path: [...path, ...at], message })
      const pools = poolsOf(entry)
      for (const [i, pool] of pools.entries()) {
        const at = i === 0 ? ['pool'] : ['otherPools', i - 1]
        const offering = findOffering(scene.domains, pool)?.offering
        if (!offering) fault(at, `no domain sells ${pool.hardwareClass} (${pool.market}) in ${pool.domain}`)
        else if ((pool.control === 'warm') !== (offering.kind === 'serverless'))
          fault([...at, 'control'], 'is "warm" at a serverless offering, and nowhere else')
        const governs = pool.control === 'nodes' || pool.control === 'size'
        if (governs !== pools.some(({ target }) => target.target === pool.governs))
          fault(
            [...at, 'governs'],
            'names the target of another pool for "nodes" and "size", and nothing else',
          )
      }
      const { submitter } = entry
      if (submitter && !pools.some((p) => p.control === 'run' && p.target.target === submitter.target))
        fault(['submitter', 'target'], `no pool with the control "run" has the target "${submitter.target}"`)
      if ((workload.stepSeconds / scene.sampleSeconds) % 1 !== 0) {
        fault(
          ['workload', 'stepSeconds'],
          `the step of ${workload.stepSeconds} s is no multiple of ${scene.sampleSeconds} s`,
        )
      }
    }
  })
export type Scene = z.infer<typeof sceneSchema>
export type SceneInput = z.input<typeof sceneSchema>
export type SceneWorkload = Scene['workloads'][number]

/** Every pool of a workload, in the order in which demand goes to them. */
export function poolsOf({ pool, otherPools }: Pick<SceneWorkload, 'pool' | 'otherPools'>): ScenePool[] {
  return [pool, ...otherPools]
}

/** The offering that a pool stands in, and its domain. */
export function findOffering(domains: Scene['domains'], pool: ScenePool) {
  const domain = domains.find(({ name }) => name === pool.domain)
  const offering = domain?.offerings.find(
    ({ hardwareClass, market }) => hardwareClass === pool.hardwareClass && market === pool.market,
  )
  return domain && offering ? { domain, offering } : null
}
