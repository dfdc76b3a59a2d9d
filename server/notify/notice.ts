import { z } from 'zod'
import type { AuditEntryView } from '../audit/contract.ts'
import type { Notice, Topic, Urgency } from './contract.ts'

/** What an entry names by id alone, in the words of people; null for what is not known any more. */
export type Names = {
  workload: (id: string) => string | null
  decision: (id: string) => { number: number; workload: string } | null
  person: (id: string) => string | null
}

/** What of an entry's body is told; each action writes some of these. */
const bodySchema = z.looseObject({
  proposalNumber: z.number().optional(),
  decisionId: z.string().optional(),
  workloadId: z.string().optional(),
  workload: z.string().optional(),
  summary: z.string().optional(),
  reason: z.string().nullish(),
  note: z.string().nullish(),
  problem: z.string().nullish(),
  actBy: z.string().optional(),
  rule: z.string().optional(),
  of: z.string().optional(),
  mark: z.number().optional(),
  limitUsd: z.number().optional(),
  spentUsd: z.number().optional(),
  name: z.string().optional(),
  version: z.number().optional(),
})
const entrySchema = z.object({
  actor: z.looseObject({ kind: z.string(), name: z.string().optional(), email: z.string().optional() }),
  body: bodySchema,
})

type Told = z.infer<typeof bodySchema> & { id: string; by: string; workloadName: string | null; names: Names }
type Words = Pick<Notice, 'title' | 'text'> & { path?: string }
type Rule = { topic: Topic; urgency: Urgency; words: (told: Told) => Words }

const ofWorkload = ({ workloadName }: Told) => (workloadName === null ? '' : `${workloadName}: `)
const why = ({ reason }: Told) => reason ?? 'No reason was given.'

function decided(did: string): Rule {
  return {
    topic: 'decision',
    urgency: 'info',
    words: (told) => ({
      title: `${ofWorkload(told)}#${told.proposalNumber} was ${did}`,
      text: `By ${told.by}. ${told.reason ?? ''}`.trim(),
      path: `/decisions/${told.decisionId}`,
    }),
  }
}

function dispatched(topic: Topic, urgency: Urgency, what: string): Rule {
  return {
    topic,
    urgency,
    words: (told) => {
      const decision = told.names.decision(told.id)
      const title = decision
        ? `${decision.workload}: decision #${decision.number} ${what}`
        : `A decision ${what}`
      return { title, text: told.note ?? '', path: `/decisions/${told.id}` }
    },
  }
}

function account(what: string): Rule {
  return {
    topic: 'access',
    urgency: 'info',
    words: (told) => ({
      title: `${told.names.person(told.id) ?? 'Somebody'} ${what}`,
      text: `By ${told.by}.`,
      path: '/people',
    }),
  }
}

function key(what: string): Rule {
  return {
    topic: 'access',
    urgency: 'info',
    words: (told) => ({
      title: `The API key "${told.name}" was ${what}`,
      text: `By ${told.by}.`,
      path: '/people',
    }),
  }
}

/** Actions of the log that are told, and how; all others are for those who read the log. */
const rules: Record<string, Rule> = {
  'proposal.create': {
    topic: 'proposal',
    urgency: 'action',
    words: (told) => ({
      title: `${ofWorkload(told)}${told.summary ?? 'a proposal'}`,
      text: `Proposal #${told.proposalNumber} waits for a decision${told.actBy ? `, best by ${utc(told.actBy)}` : ''}.`,
      path: `/inbox?proposal=${told.id}`,
    }),
  },
  'proposal.expire': {
    topic: 'deadline',
    urgency: 'alert',
    words: (told) => ({
      title: `${ofWorkload(told)}#${told.proposalNumber} expired undecided`,
      text: why(told),
      path: `/inbox?view=all&proposal=${told.id}`,
    }),
  },
  'proposal.void': {
    topic: 'dispatch-trouble',
    urgency: 'action',
    words: (told) => ({
      title: `${ofWorkload(told)}the approval of #${told.proposalNumber} is void; it waits again`,
      text: why(told),
      path: `/inbox?proposal=${told.id}`,
    }),
  },
  'proposal.approve': decided('approved'),
  'proposal.override': decided('overridden'),
  'proposal.reject': decided('rejected'),
  'dispatch.verified': dispatched('dispatch-done', 'info', 'is carried out and verified'),
  'dispatch.failed': dispatched('dispatch-trouble', 'alert', 'failed'),
  'dispatch.unknown': dispatched('dispatch-trouble', 'alert', 'has an unclear outcome'),
  'dispatch.void': dispatched('dispatch-trouble', 'action', 'was not carried out'),
  'dispatch.rolling-back': dispatched('dispatch-trouble', 'alert', 'failed half-way and is taken back'),
  'dispatch.rolled-back': dispatched('dispatch-trouble', 'info', 'was taken back'),
  'budget.alert': {
    topic: 'budget',
    urgency: 'action',
    words: ({ rule, of, mark, limitUsd, spentUsd }) => ({
      title: `${of}: ${mark}% of the budget "${rule}" is used`,
      text: `${usd(spentUsd)} of ${usd(limitUsd)} this month.`,
      path: '/policies?view=rules',
    }),
  },
  'log.broken': {
    topic: 'safety',
    urgency: 'alert',
    words: ({ problem }) => ({ title: 'The log does not verify', text: problem ?? '', path: '/decisions' }),
  },
  'harm.recognised': {
    topic: 'safety',
    urgency: 'alert',
    words: (told) => ({
      title: `${ofWorkload(told)}submissions look like a loop`,
      text: 'They are not scaled for; stopping them is offered in the inbox.',
      path: '/inbox',
    }),
  },
  'policy.set': {
    topic: 'policy',
    urgency: 'info',
    words: (told) => ({
      title: `${ofWorkload(told)}version ${told.version} of its policy is in force`,
      text: `By ${told.by}. ${told.reason ?? ''}`.trim(),
      path: '/policies',
    }),
  },
  'rules.publish': {
    topic: 'policy',
    urgency: 'info',
    words: (told) => ({
      title: `Version ${told.version} of the rules is in force`,
      text: `By ${told.by}. ${told.reason ?? ''}`.trim(),
      path: '/policies?view=rules',
    }),
  },
  'user.created': account('was added'),
  'user.roles-set': account('has other roles now'),
  'user.activated': account('was let in again'),
  'user.deactivated': account('was shut out'),
  'user.password-reset': account('has a new password'),
  'api-key.created': key('made'),
  'api-key.revoked': key('revoked'),
}

/** The actions that are told at all. */
export const toldActions: readonly string[] = Object.keys(rules)

/** What is told of an entry of the log; null where nothing is. Its id is the entry's place in the log. */
export function noticeOf(entry: AuditEntryView, names: Names): Notice | null {
  const rule = rules[entry.action]
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

const utc = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
const usd = (amount: number | undefined) => (amount === undefined ? '?' : `$${amount.toFixed(2)}`)
