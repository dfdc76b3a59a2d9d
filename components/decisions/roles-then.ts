import { z } from 'zod'
import type { AuditEntryView } from '../../server/audit/contract.ts'

const decider = z.object({
  actor: z.object({ roles: z.array(z.string()) }),
  body: z.object({ decisionId: z.string() }),
})

/** Roles that the decider held then, as the log's entry of the decision says; null for the system's own. */
export function rolesAtDecision(entries: readonly AuditEntryView[], decisionId: string): string[] | null {
  for (const { canonical } of entries) {
    const said = decider.safeParse(JSON.parse(canonical))
    if (said.success && said.data.body.decisionId === decisionId) return said.data.actor.roles
  }
  return null
}
