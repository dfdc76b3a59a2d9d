import { z } from 'zod'
import type { AuditEntryView } from '../audit/contract.ts'
import type { Notice } from './contract.ts'
import { bodySchema, type Names, tellingRules } from './telling-rules.ts'

const entrySchema = z.object({
  actor: z.looseObject({ kind: z.string(), name: z.string().optional(), email: z.string().optional() }),
  body: bodySchema,
})

/** What is told of an entry of the log; null where nothing is. Its id is the entry's place in the log. */
export function noticeOf(entry: AuditEntryView, names: Names): Notice | null {
  const rule = tellingRules[entry.action]
  if (rule === undefined) return null
  const { actor, body } = entrySchema.parse(JSON.parse(entry.canonical))
  const id = entry.subject.slice(entry.subject.indexOf('/') + 1)
  const workloadName = nameOfWorkload(entry, body, names)
  const by = actor.name ?? actor.email ?? 'InfraSage'
  const { path = '/', ...words } = rule.words({ ...body, id, by, workloadName, names })
  return {
    id: `log-${entry.seq}`,
    seq: entry.seq,
    at: entry.at,
    topic: rule.topic,
    action: entry.action,
    subject: entry.subject,
    urgency: rule.urgency,
    ...words,
    path,
    workload: workloadName,
    actBy: body.actBy ?? null,
  }
}

/** Stands in for a notice whose entry has an unknown shape. */
export function unreadable(entry: AuditEntryView): Notice | null {
  const rule = tellingRules[entry.action]
  if (rule === undefined) return null
  const { seq, at, action, subject } = entry
  return {
    ...{ id: `log-${seq}`, seq, at, action, subject, topic: rule.topic, urgency: rule.urgency },
    title: `${action}: see entry ${seq} of the log`,
    text: 'This version of InfraSage cannot read the entry.',
    path: '/decisions',
    workload: null,
    actBy: null,
  }
}

function nameOfWorkload(
  entry: AuditEntryView,
  body: z.infer<typeof bodySchema>,
  names: Names,
): string | null {
  if (body.workload !== undefined) return body.workload
  if (body.workloadId !== undefined) return names.workload(body.workloadId)
  const [kind, id = ''] = entry.subject.split('/')
  if (kind === 'workload') return names.workload(id)
  if (kind === 'decision') return names.decision(id)?.workload ?? null
  return null
}
