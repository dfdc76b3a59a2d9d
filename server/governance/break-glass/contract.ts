import { z } from 'zod'
import type { DecisionKindName } from '../contract.ts'

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** An hour at most; in the database as well. */
export const openGlassInput = z.strictObject({
  minutes: z.number().int().min(5, 'at least 5 minutes').max(60, 'at most 60 minutes'),
  reason: why,
})
export type OpenGlassInput = z.infer<typeof openGlassInput>
export const endGlassInput = z.strictObject({ id: z.uuid() })
export type EndGlassInput = z.infer<typeof endGlassInput>
export const reviewGlassInput = z.strictObject({ id: z.uuid(), note: why })
export type ReviewGlassInput = z.infer<typeof reviewGlassInput>

/** One time that the glass was broken. Its review stays open until somebody else closes it. */
export type GlassView = {
  id: string
  number: number
  userId: string
  who: string
  reason: string
  openedAt: string
  expiresAt: string
  endedAt: string | null
  /** Whether it still is broken. */
  active: boolean
  /** What was approved under it. */
  decisions: { id: string; number: number; kind: DecisionKindName; summary: string; at: string }[]
  review: { who: string; note: string; at: string } | null
  /** Whether the reader may close its review: whoever broke it may not. */
  mayReview: boolean
}

/** For the banner on every page. */
export type GlassNotice = { id: string; who: string; until: string; reason: string }
