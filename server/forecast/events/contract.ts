import { z } from 'zod'

export const eventKinds = ['training', 'launch', 'holiday', 'maintenance', 'other'] as const

/** Longer than this is no event but the way things are, which the experts learn by themselves. */
export const longestEventDays = 31
/** How far from now an event may begin, either way. */
const reachDays = 400
const dayMs = 86_400_000

/** Something that people know is coming, or that recurred: it enters the forecast as a regressor. */
export const PlannedEventSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(eventKinds),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** Demand over usual demand that people expect while it lasts; null: learn it from earlier ones of its kind. */
  expectedFactor: z.number().positive().nullable(),
})
export type PlannedEvent = z.infer<typeof PlannedEventSchema>

/** An event as people keep it: of one workload, of all workloads of a team, or of every workload when both are null. */
export type EventView = PlannedEvent & {
  workloadId: string | null
  team: string | null
  createdAt: string
  updatedAt: string
  cancelledAt: string | null
}

const fields = {
  name: z.string().trim().min(1).max(100),
  kind: z.enum(eventKinds),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  expectedFactor: z
    .number()
    .min(0.01, 'must be at least 0.01 times the usual demand')
    .max(100, 'must be at most 100 times the usual demand')
    .nullable(),
}

export const eventInput = z.strictObject({
  workloadId: z.uuid().nullable().default(null),
  team: z.string().min(1).max(63).nullable().default(null),
  ...fields,
  expectedFactor: fields.expectedFactor.default(null),
})
export type EventInput = z.input<typeof eventInput>

/** Whose event it is stays; all else may change until it is cancelled. */
export const eventUpdate = z.strictObject({ id: z.uuid(), ...z.object(fields).partial().shape })
export type EventUpdate = z.input<typeof eventUpdate>

export const cancelEventInput = z.strictObject({
  id: z.uuid(),
  reason: z.string().trim().max(500).default(''),
})
export type CancelEventInput = z.input<typeof cancelEventInput>

export const eventQuery = z.object({
  /** Events that touch this workload: its own, its team's and everybody's. Every event when it is left out. */
  workloadId: z.uuid().optional(),
  /** Those that end after `from` and begin before `to`. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  cancelled: z.enum(['without', 'with']).default('without'),
})
export type EventQuery = z.input<typeof eventQuery>

/** What is wrong with the span of an event at `now`, with the field that is at fault; null when nothing is. */
export function spanProblem(
  { startsAt, endsAt }: { startsAt: string; endsAt: string },
  now: Date,
): { path: string; message: string; expected: string } | null {
  const start = Date.parse(startsAt)
  const end = Date.parse(endsAt)
  if (!(end > start)) {
    return {
      path: 'endsAt',
      message: `${endsAt} is not after ${startsAt}`,
      expected: 'an instant after startsAt',
    }
  }
  if (end - start > longestEventDays * dayMs) {
    return {
      path: 'endsAt',
      message: `the event lasts ${Math.ceil((end - start) / dayMs)} days`,
      expected: `at most ${longestEventDays} days; what lasts longer is learned as it comes`,
    }
  }
  if (Math.abs(start - now.getTime()) > reachDays * dayMs) {
    return {
      path: 'startsAt',
      message: `${startsAt} is far from now`,
      expected: `within ${reachDays} days of now`,
    }
  }
  return null
}
