import { z } from 'zod'
import type { SignalName } from '../../telemetry/contract.ts'

/** `PUT /v1/targets/:id/scale`: one absolute set-point of one dispatch. */
export const scaleBody = z.object({
  replicas: z.number().int().min(0).max(100_000),
  dispatchId: z.string().min(1).max(200),
  fencingToken: z.number().int().nonnegative(),
  dryRun: z.boolean().default(false),
  /** A job that is ended for good: what was cancelled does not run again. Only with 0, and only where a job runs. */
  final: z.boolean().default(false),
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

/** Name under which a signal is sent; the mapping made for the sandbox turns it back. */
export function metricName(signal: SignalName): string {
  return `sandbox_${signal}`
}
