import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { sandboxRef } from '../dispatch/contract.ts'
import { domainInput, offeringInput, policyValues } from '../plan/contract.ts'
import { signalName, slug, workloadInput } from '../telemetry/contract.ts'
import { demandSpec } from './model/demand/index.ts'
import { pastScaling } from './model/past-capacity.ts'
import { queueSpec } from './model/queue.ts'

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
export type SceneOffering = z.infer<typeof sceneOffering>

/** The offering that a pool stands in, and its domain. */
export function findOffering(domains: Scene['domains'], pool: SceneWorkload['pool']) {
  const domain = domains.find(({ name }) => name === pool.domain)
  const offering = domain?.offerings.find(
    ({ hardwareClass, market }) => hardwareClass === pool.hardwareClass && market === pool.market,
  )
  return domain && offering ? { domain, offering } : null
}

/**
 * A scene from a JSON file.
 * @throws when the file is absent or is no scene, naming the place.
 */
export function readScene(file: string): Scene {
  const parsed = sceneSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`${file} is no scene:\n${z.prettifyError(parsed.error)}`)
}
