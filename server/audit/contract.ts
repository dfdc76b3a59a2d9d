import { z } from 'zod'

/** The room of the house that an entry comes from. */
export const stages = [
  'auth',
  'telemetry',
  'forecast',
  'plan',
  'governance',
  'dispatch',
  'audit',
  'evaluation',
  'notify',
] as const
export type Stage = (typeof stages)[number]

/** What RFC 8785 can write. An absent value is `null` or no key at all; `undefined` is refused, so nothing is lost silently. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What a stage hands over, in its own transaction. `subject`: "proposal/<id>", "workload/<id>", "user/<id>", … */
export type AuditInput = { stage: Stage; action: string; subject: string; body: Json }

/** One link of the chain. `canonical` is the RFC 8785 text whose bytes `hash` covers together with `prevHash`. */
export type AuditEntryView = {
  seq: number
  at: string
  /** One of `stages`, unless somebody altered it. */
  stage: string
  action: string
  subject: string
  canonical: string
  prevHash: string
  hash: string
}

/** `signature`: Ed25519, base64, over the canonical JSON of { size, headHash, at, keyId }. */
export type AuditCheckpointView = {
  size: number
  headHash: string
  at: string
  keyId: string
  signature: string
}

export type VerifyReport = {
  ok: boolean
  entries: number
  checkpoints: number
  /** How many of the entries a signed checkpoint vouches for; later ones are chained, but not yet sealed. */
  sealed: number
  headHash: string | null
  /** The first thing that does not hold, in words, and where. */
  broken: { seq: number | null; problem: string } | null
}

/**
 * State of the log for the badge on every page: the first `verifiedSize` entries were verified link by link and sealed
 * at `verifiedAt`; `ok` is false from the moment a check fails until a full one passes.
 */
export type LogStatus = {
  entries: number
  verifiedSize: number
  verifiedAt: string | null
  ok: boolean
  problem: string | null
}

export const auditQuery = z.object({
  stage: z.enum(stages).optional(),
  action: z.string().optional(),
  subject: z.string().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  beforeSeq: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(500).default(100),
})
export type AuditQuery = z.infer<typeof auditQuery>
