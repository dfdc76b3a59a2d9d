import { z } from 'zod'
import type { Notice, Topic, Urgency } from './contract.ts'

/** What an entry names by id alone, in the words of people; null for what is not known any more. */
export type Names = {
  workload: (id: string) => string | null
  decision: (id: string) => { number: number; workload: string } | null
  person: (id: string) => string | null
}

/** What of an entry's body is told; each action writes some of these. */
export const bodySchema = z.looseObject({
  minutes: z.number().optional(),
  kind: z.string().optional(),
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
export type Told = z.infer<typeof bodySchema> & {
  id: string
  by: string
  workloadName: string | null
  names: Names
}
type Words = Pick<Notice, 'title' | 'text'> & { path?: string }
export type TellingRule = { topic: Topic; urgency: Urgency; words: (told: Told) => Words }

const ofWorkload = ({ workloadName }: Told) => (workloadName === null ? '' : `${workloadName}: `)
const by = (told: Told) => `By ${told.by}. ${told.reason ?? ''}`.trim()
const why = ({ reason }: Told) => reason ?? 'No reason was given.'

function decided(did: string): TellingRule {
  return {
    topic: 'decision',
    urgency: 'info',
    words: (told) => ({
      title: `${ofWorkload(told)}#${told.proposalNumber} was ${did}`,
      text: by(told),
      path: `/decisions/${told.decisionId}`,
    }),
  }
}

function dispatched(topic: Topic, urgency: Urgency, what: string): TellingRule {
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

function account(what: string): TellingRule {
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

function key(what: string): TellingRule {
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
export const tellingRules: Record<string, TellingRule> = {
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
  'proposal.endorse': decided('approved by one of those it needs'),
  'dispatch.verified': dispatched('dispatch-done', 'info', 'is carried out and verified'),
  'dispatch.failed': dispatched('dispatch-trouble', 'alert', 'failed'),
  'dispatch.unknown': dispatched('dispatch-trouble', 'alert', 'has an unclear outcome'),
  'dispatch.dead-letter': dispatched(
    'dispatch-trouble',
    'action',
    'could not be delivered and waits for a person',
  ),
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
  'dispatch.stop': {
    topic: 'safety',
    urgency: 'alert',
    words: (told) => ({ title: 'All dispatch is stopped', text: by(told), path: '/policies?view=approvals' }),
  },
  'dispatch.release': {
    topic: 'safety',
    urgency: 'alert',
    words: (told) => ({ title: 'Dispatch goes on', text: by(told), path: '/policies?view=approvals' }),
  },
  'break-glass.open': {
    topic: 'safety',
    urgency: 'alert',
    words: (told) => ({
      title: `${told.by} broke the glass for ${told.minutes} minutes`,
      text: `${why(told)} Somebody else reviews it afterwards.`,
      path: '/policies?view=approvals',
    }),
  },
  'break-glass.end': {
    topic: 'safety',
    urgency: 'action',
    words: (told) => ({
      title: 'The glass is whole again, and its review waits',
      text: by(told),
      path: '/policies?view=approvals',
    }),
  },
  'autonomy.confirm': {
    topic: 'policy',
    urgency: 'info',
    words: (told) => ({
      title: `${ofWorkload(told)}${told.kind} is automatic from now on`,
      text: by(told),
      path: '/policies?view=approvals',
    }),
  },
  'autonomy.demote': {
    topic: 'safety',
    urgency: 'action',
    words: (told) => ({
      title: `${ofWorkload(told)}${told.kind} is not automatic any more`,
      text: why(told),
      path: '/policies?view=approvals',
    }),
  },
  'approvals.publish': {
    topic: 'policy',
    urgency: 'info',
    words: (told) => ({
      title: `Version ${told.version} of the rules of approval is in force`,
      text: by(told),
      path: '/policies?view=approvals',
    }),
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
      text: by(told),
      path: '/policies',
    }),
  },
  'rules.publish': {
    topic: 'policy',
    urgency: 'info',
    words: (told) => ({
      title: `Version ${told.version} of the rules is in force`,
      text: by(told),
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
export const toldActions: readonly string[] = Object.keys(tellingRules)

const utc = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
const usd = (amount: number | undefined) => (amount === undefined ? '?' : `$${amount.toFixed(2)}`)
