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

/**
 * A signed tree head. `rootHash`: of the Merkle tree (RFC 6962) over the first `size` entries; null in checkpoints from
 * before there were trees. `signature`: Ed25519, base64, over the canonical JSON of all else, `rootHash` only if it is there.
 */
export type AuditCheckpointView = {
  size: number
  headHash: string
  rootHash: string | null
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
  rootHash: string | null
  /** The first thing that does not hold, in words, and where. */
  broken: { seq: number | null; problem: string } | null
}

/** A whole verification under way: since when it is asked for, and why. */
export type Verifying = { since: string; why: string }

/**
 * State of the log for the badge on every page: the first `verifiedSize` entries were verified link by link and sealed
 * at `verifiedAt`; `wholeAt`: when all of it, from the first entry on, last passed. `ok` is false from the moment a check
 * fails until a full one passes; `brokenSeq`: the first entry that does not hold, where it is one.
 */
export type LogStatus = {
  /** A verification of all of it that was asked for and has found nothing yet; null while none is. */
  verifying: Verifying | null
  entries: number
  verifiedSize: number
  verifiedAt: string | null
  wholeAt: string | null
  ok: boolean
  problem: string | null
  brokenSeq: number | null
}

/** Shows that one entry is part of the tree that a checkpoint signs. `path`: hashes from the leaf up (RFC 6962, 2.1.1). */
export type InclusionProof = {
  format: 'infrasage-audit-inclusion/1'
  publicKey: string
  checkpoint: AuditCheckpointView
  entry: AuditEntryView
  path: string[]
}

/**
 * Shows that the tree of `to` holds all of the tree over the first `from.size` entries, unchanged (RFC 6962, 2.1.2).
 * `from.rootHash` is what the log says today; hold it against what you kept.
 */
export type ConsistencyProof = {
  format: 'infrasage-audit-consistency/1'
  publicKey: string
  from: { size: number; rootHash: string; checkpoint: AuditCheckpointView | null }
  to: AuditCheckpointView
  path: string[]
}

export const inclusionQuery = z.object({
  seq: z.number().int().positive(),
  /** Size of the checkpoint to prove against; the newest one without it. */
  size: z.number().int().positive().optional(),
})
export const consistencyQuery = z.object({
  from: z.number().int().positive(),
  /** Size of a checkpoint; the newest one without it. */
  to: z.number().int().positive().optional(),
})
export const checkpointQuery = z.object({
  beforeSize: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(500).default(50),
})

export const auditQuery = z.object({
  stage: z.enum(stages).optional(),
  action: z.string().optional(),
  /** Also matches everything below it: "proposal" finds "proposal/<id>". */
  subject: z.string().optional(),
  /** E-mail address of a person, or the part of the system: exactly. */
  actor: z.string().max(320).optional(),
  /** Id that an entry is about or mentions. */
  workloadId: z.uuid().optional(),
  decisionId: z.uuid().optional(),
  /** All of these words, in any order; those of three letters and more also as the beginning of a word. */
  text: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  beforeSeq: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(500).default(100),
})
export type AuditQuery = z.infer<typeof auditQuery>

export const witnessKinds = ['webhook', 'file', 's3'] as const
export type WitnessKind = (typeof witnessKinds)[number]

export const witnessInput = z.object({
  name: z.string().trim().min(1, 'is empty').max(100),
  kind: z.enum(witnessKinds),
  /** At most one checkpoint in so many seconds; the newest one. */
  everySeconds: z.number().int().min(10).max(86_400).default(300),
  /** Checked by the kind, which names the setting that is wrong. */
  config: z.record(z.string(), z.unknown()),
})
export type WitnessInput = z.input<typeof witnessInput>

/** A witness without its secrets. `heldSize`: of the newest checkpoint that it took; `behind`: entries signed since. */
export type WitnessView = {
  id: string
  name: string
  kind: WitnessKind
  destination: string
  everySeconds: number
  heldSize: number | null
  heldAt: string | null
  behind: number
  /** What the last failed attempt said, until one succeeds. */
  lastError: string | null
  /** When the next attempt is due. */
  dueAt: string
}

export const entriesExportQuery = auditQuery
  .omit({ limit: true })
  .extend({ format: z.enum(['csv', 'jsonl']) })

const actorShape = z.object({
  actor: z.union([
    z.object({ kind: z.string(), email: z.string(), keyName: z.string().optional() }),
    z.object({ kind: z.string(), component: z.string() }),
    z.object({ kind: z.string(), rule: z.string() }),
  ]),
})

/** Who acted, for people: the address of a person, a key and whose it is, the part of the system, the rule; empty if it says none. */
export function actorWordsOf({ canonical }: Pick<AuditEntryView, 'canonical'>): string {
  const actor = actorIn(canonical)
  if (actor === null) return ''
  if ('component' in actor) return actor.component
  if ('rule' in actor) return `rule ${actor.rule}`
  return actor.keyName === undefined ? actor.email : `key ${actor.keyName} of ${actor.email}`
}

/** Who acted, as the log is searched for it: the address of a person, or the part of the system; empty if it says neither. */
export function actorOf({ canonical }: Pick<AuditEntryView, 'canonical'>): string {
  const actor = actorIn(canonical)
  if (actor === null || 'rule' in actor) return ''
  return 'email' in actor ? actor.email : actor.component
}

function actorIn(canonical: string): z.infer<typeof actorShape>['actor'] | null {
  try {
    return actorShape.parse(JSON.parse(canonical)).actor
  } catch {
    return null
  }
}

const viewPage = z.enum(['/log'])
export const viewsQuery = z.object({ page: viewPage })
export const saveViewInput = z.object({
  page: viewPage,
  name: z.string().trim().min(1, 'is empty').max(60),
  query: z.string().max(2_000),
})
export const removeViewInput = z.object({ id: z.uuid() })
/** Filters that a person keeps; `query`: the page's query string. */
export type SavedView = { id: string; name: string; query: string }
