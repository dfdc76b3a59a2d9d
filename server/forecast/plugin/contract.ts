import { z } from 'zod'

/** Header names that would break the request or hide its nature. */
const reserved =
  /^(host|content-.*|transfer-encoding|connection|accept.*|user-agent|te|trailer|upgrade|expect)$/i

export const setForecasterInput = z.strictObject({
  workloadId: z.uuid(),
  /** As it is called among the experts. */
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'use 1 to 40 of a–z, 0–9 and "-"'),
  url: z.string().max(2_000),
  /** Header that carries the secret, such as `Authorization`; null for none. */
  secretHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'use letters, digits and "-"')
    .refine((name) => !reserved.test(name), 'is a header that the request sets itself')
    .nullable()
    .default(null),
  /** The header's value; left out: the one that is kept. */
  secret: z
    .string()
    .min(1)
    .max(4_000)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'use printable ASCII without spaces at the ends')
    .optional(),
  timeoutMs: z.number().int().min(100).max(5_000).default(2_000),
  /** Newest steps that are sent. */
  windowSteps: z.number().int().min(12).max(10_080).default(1_440),
  active: z.boolean().default(true),
})
export type SetForecasterInput = z.input<typeof setForecasterInput>

export const ofForecasterInput = z.object({ workloadId: z.uuid() })
export type OfForecasterInput = z.infer<typeof ofForecasterInput>

/** How a team's forecaster fares. *paused*: not asked until `retryAt`, after faults in a row. */
export type ForecasterHealth = {
  state: 'off' | 'new' | 'answering' | 'failing' | 'paused'
  /** In words, for people. */
  text: string
  /** Of the latest `asked` requests, at most 100: the share answered in time and by the rules; null before the first. */
  answeredShare: number | null
  asked: number
  lastAnswerAt: string | null
  failingSince: string | null
  lastError: string | null
  lastErrorAt: string | null
  retryAt: string | null
}

/** A team's own forecaster of one workload; its secret is never shown. */
export type ForecasterView = {
  workloadId: string
  name: string
  url: string
  secretHeader: string | null
  hasSecret: boolean
  timeoutMs: number
  windowSteps: number
  active: boolean
  createdAt: string
  updatedAt: string
  health: ForecasterHealth
}

/** What one call on trial did; nothing of it enters a forecast. */
export type ForecasterTrial = {
  ok: boolean
  /** The verdict in words: what came, or what was wrong with it and what would be right. */
  text: string
  tookMs: number
  /** Steps that were sent, and leads that were asked for. */
  sentSteps: number
  leads: number
  /** Median of the first and of the last lead, when the answer was good. */
  firstMedian: number | null
  lastMedian: number | null
}
