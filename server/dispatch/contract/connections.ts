import { z } from 'zod'
import { dnsLabel } from './fields.ts'

/**
 * What is granted to whom: `serviceAccount`, or `user` by the name that the API server has for it. Without either: the service
 * account `infrasage` of the namespace `infrasage`. `also`: objects that are no targets yet, as `namespace/Kind/name`, so that they can
 * become some. `discovery`: also what listing what could be a target needs.
 */
export const rightsOptions = z.object({
  serviceAccount: z.object({ namespace: dnsLabel, name: dnsLabel }).optional(),
  user: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[^\p{C}]*$/u, 'must hold no control characters')
    .optional(),
  also: z
    .array(
      z
        .string()
        .regex(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, 'must be namespace/Kind/name, such as models/Deployment/chat'),
    )
    .max(500)
    .default([]),
  discovery: z.boolean().default(false),
})
export type RightsOptions = z.output<typeof rightsOptions>

export const connectionRightsInput = rightsOptions.extend({ connectionId: z.uuid() })
export type ConnectionRightsInput = z.input<typeof connectionRightsInput>

/** `manifest`: YAML to apply; null where the other side knows no such thing. `targets`: how many it is for. */
export type ConnectionRights = { manifest: string | null; targets: number }

/** What a test of a connection found out, and which rights its targets lack, in words. */
export type Examination = {
  knownAs: string
  server: string
  version: string | null
  latencyMs: number
  /** When the credentials end, where they say so. */
  expiresAt: string | null
  /** Kinds that can be targets and that are there. */
  kinds: string[]
  missing: string[]
}

/** What a test of a connection found, in words; `examination`: null where the other side was not reached. */
export type ConnectionCheck = { ok: boolean; message: string; examination: Examination | null }
