import { z } from 'zod'
import { actionKinds, ruleScope } from '../../plan/contract.ts'

/** Where what is to be approved comes from: a planner, a person's counter-proposal, or a person who wants it taken back. */
export const origins = ['proposed', 'override', 'rollback'] as const
export type Origin = (typeof origins)[number]

/**
 * *observe*: nothing is proposed. *recommend*: proposed, and nobody can approve it. *approve*: people decide. *automatic*:
 * a rule decides within its bounds, people outside of them. In the order of conservatism, the most conservative first.
 */
export const automationLevels = ['observe', 'recommend', 'approve', 'automatic'] as const
export type AutomationLevelName = (typeof automationLevels)[number]

/**
 * What happens at the deadline when nobody decided. *expire*: it ends and nothing is changed. *hold*: nothing is changed
 * and it stays in the inbox, overdue. *scale-up*: a plan that only adds capacity is approved by the rule at its act-by time;
 * any other expires. The most conservative first.
 */
export const failSafes = ['expire', 'hold', 'scale-up'] as const
export type FailSafe = (typeof failSafes)[number]

const ruleName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use a–z, 0–9 and "-", at most 63')
const groupName = z.string().trim().min(1, 'must not be empty').max(63)
const usdPerHour = z.number().min(0, 'must not be below 0').max(1e9)

/** What every rule here says of what it is about: all that is given must match; nothing given means everything. */
const about = {
  name: ruleName,
  scope: ruleScope.default({}),
  kinds: z.array(z.enum(actionKinds)).min(1, 'name at least one kind of action').optional(),
  note: z.string().trim().max(500).optional(),
}

/** Who must say yes. It applies where its scope, its kinds and all of `when` hold. */
export const approvalRule = z
  .strictObject({
    ...about,
    when: z
      .strictObject({
        /** Added cost per hour, or more. */
        costChangePerHourUsd: usdPerHour.optional(),
        /** Other workloads that stand on the same capacity, or more. */
        sharedWith: z.number().int().min(1).max(10_000).optional(),
        origins: z.array(z.enum(origins)).min(1).optional(),
      })
      .default({}),
    approvers: z.number().int().min(1, 'at least one').max(10),
    /** Groups that approvers have to belong to, one of them; empty: anybody who may decide. */
    from: z.array(groupName).max(50).default([]),
    /** How many different groups the approvers have to come from; nobody stands for two. */
    teams: z.number().int().min(1).max(10).default(1),
  })
  .refine(({ teams, approvers }) => teams <= approvers, {
    message: 'more teams than approvers cannot be',
    path: ['teams'],
  })
  .refine(({ teams, from }) => from.length === 0 || teams <= new Set(from).size, {
    message: 'more teams than are named cannot be',
    path: ['teams'],
  })
export type ApprovalRule = z.output<typeof approvalRule>
export type ApprovalRuleInput = z.input<typeof approvalRule>

/** Outside of these a rule never decides by itself. */
export const automaticBounds = z.strictObject({
  /** Of each action: how far its set-point may move, in the unit of its kind. */
  maxChange: z.number().int().min(1).max(100_000),
  maxCostChangePerHourUsd: usdPerHour,
  /** Others that stand on the same capacity, at most. */
  maxSharedWith: z.number().int().min(0).max(10_000).default(0),
  minConfidence: z.number().min(0.5).max(1).default(0.9),
  /** Whether capacity may be taken away. */
  falls: z.boolean().default(false),
})
export type AutomaticBounds = z.output<typeof automaticBounds>

export const automationRule = z
  .strictObject({ ...about, level: z.enum(automationLevels), bounds: automaticBounds.optional() })
  .refine(({ level, bounds }) => (level === 'automatic') === (bounds !== undefined), {
    message: 'bounds belong to the level automatic, and to it alone',
    path: ['bounds'],
  })
export type AutomationRule = z.output<typeof automationRule>

/** `maxCostChangePerHourUsd`: what *scale-up* may add. */
export const failSafeRule = z
  .strictObject({ ...about, fallback: z.enum(failSafes), maxCostChangePerHourUsd: usdPerHour.optional() })
  .refine(
    ({ fallback, maxCostChangePerHourUsd }) =>
      (fallback === 'scale-up') === (maxCostChangePerHourUsd !== undefined),
    {
      message: 'what may be added belongs to scale-up, and to it alone',
      path: ['maxCostChangePerHourUsd'],
    },
  )
export type FailSafeRule = z.output<typeof failSafeRule>

/** What a workload's kind of action must have shown, over the window, before an admin may confirm it for *automatic*. */
export const earnedThresholds = z.strictObject({
  windowDays: z.number().int().min(1).max(90).default(14),
  /** Decisions of people in the window. */
  minDecisions: z.number().int().min(1).max(10_000).default(20),
  /** Share of stated 90% intervals that held. */
  minCoverage: z.number().min(0).max(1).default(0.85),
  /** Share of the decisions that changed or refused what was proposed. */
  maxOverrideRate: z.number().min(0).max(1).default(0.1),
  /** Share of what was carried out that was verified, was not rolled back, and cost no more minutes beyond the objective than the reactive autoscaler. */
  minGoodOutcomes: z.number().min(0).max(1).default(0.95),
})
export type EarnedThresholds = z.output<typeof earnedThresholds>

/** How long an approval waits before it is carried out, so that it can be undone; where nothing was published. */
export const defaultHoldSeconds = 5

/** Published as a whole, one version after another. Version 0, of every installation: one approver, nothing automatic. */
export const approvalPolicy = z
  .strictObject({
    approvals: z.array(approvalRule).max(200, 'at most 200 rules').default([]),
    automation: z.array(automationRule).max(200, 'at most 200 rules').default([]),
    failSafes: z.array(failSafeRule).max(200, 'at most 200 rules').default([]),
    holdSeconds: z.number().int().min(0).max(600).default(defaultHoldSeconds),
    earned: earnedThresholds.prefault({}),
  })
  .superRefine(({ approvals, automation, failSafes: safes }, context) => {
    const seen = new Set<string>()
    for (const [section, rules] of Object.entries({ approvals, automation, failSafes: safes }))
      for (const [i, { name }] of rules.entries()) {
        if (seen.has(name))
          context.addIssue({
            code: 'custom',
            path: [section, i, 'name'],
            message: `another rule is called "${name}"`,
          })
        seen.add(name)
      }
  })
export type ApprovalPolicy = z.output<typeof approvalPolicy>
export type ApprovalPolicyInput = z.input<typeof approvalPolicy>
export type ApprovalPolicyInForce = ApprovalPolicy & { version: number }

/** What one rule asks for; `rule` null: what always holds, one approver. */
export type Clause = { rule: string | null; approvers: number; teams: number; from: string[] }

/** `have` of `approvers`; `missing`: "1 of 2: needs one from team sre", null where it is met. */
export type ClauseStanding = Clause & { have: number; missing: string | null }

/** One person's yes, with the roles and groups held when it was given. */
export type ApprovalGiven = {
  decisionId: string
  userId: string
  who: string
  roles: string[]
  groups: string[]
  at: string
}

/** Where a proposal stands with its approvers. Every clause has to be met: the most conservative rule wins. */
export type ApprovalStanding = {
  policyVersion: number
  clauses: ClauseStanding[]
  given: ApprovalGiven[]
  met: boolean
  /** What is missing, of the clause that misses most; null where all are met. */
  missing: string | null
  /** Why nobody could give what is missing, as people and groups are now, in words; null where somebody could. */
  outOfReach: string | null
  /** Why an approval of the reader would not be taken, in words; null if it would. */
  notYou: string | null
  /** The reader's own broken glass: until then one approval is enough. */
  breakGlass: { id: string; until: string } | null
}

/** A person's counter-proposal, which waits for somebody else. */
export type CounterView = {
  decisionId: string
  userId: string
  who: string
  reason: string
  at: string
}

/** Which level a proposal has, and by what. `rule` null: the bounds of the workload, or what always holds. */
export type AutomationStanding = {
  level: AutomationLevelName
  by: { rule: string | null; level: AutomationLevelName; words: string }[]
  /** Why nothing decides it by itself although its rules would; null where it does, or none would. */
  held: string | null
}

/** What happens if nobody decides, and when. `rule` null: nothing was declared, so it expires. */
export type FailSafeStanding = { fallback: FailSafe; rule: string | null; at: string; words: string }

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** What an admin works on. `basedOnDraft`: number of the draft that was on the screen; 0 where there was none. */
export const saveApprovalDraftInput = z.strictObject({
  policy: approvalPolicy,
  basedOnDraft: z.number().int().min(0),
})
export type SaveApprovalDraftInput = z.input<typeof saveApprovalDraftInput>

/** `basedOnVersion`: the published version that the admin saw; 0 before the first. */
export const publishApprovalsInput = z.strictObject({
  draftNumber: z.number().int().positive(),
  basedOnVersion: z.number().int().min(0),
  reason: why,
})
export type PublishApprovalsInput = z.infer<typeof publishApprovalsInput>

/** `policy`: what is held against the past; the draft where none is given. */
export const previewApprovalsInput = z.strictObject({
  policy: approvalPolicy.optional(),
  days: z.number().int().min(1).max(30).default(30),
})
export type PreviewApprovalsInput = z.input<typeof previewApprovalsInput>

/** `before`: only versions older than this one. */
export const approvalHistoryInput = z.strictObject({
  before: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(100).default(50),
})
export type ApprovalHistoryInput = z.input<typeof approvalHistoryInput>

/** One thing that two versions do not share: a rule by its section and name, or a setting; before and after in words. */
export type ApprovalDifference = { what: string; before: string | null; after: string | null }

export type ApprovalVersionView = {
  version: number
  policy: ApprovalPolicy
  /** Against the version before. */
  differences: ApprovalDifference[]
  reason: string
  author: string
  createdAt: string
}

export type ApprovalDraftView = {
  number: number
  basedOnVersion: number
  policy: ApprovalPolicy
  /** Against what is published. */
  differences: ApprovalDifference[]
  author: string
  createdAt: string
}

/** All that the page shows. `draft`: null where nothing differs from what is published. */
export type ApprovalsView = {
  version: number
  policy: ApprovalPolicy
  /** Number of the newest draft, which the next save must be based on. */
  draftNumber: number
  draft: ApprovalDraftView | null
  /** Groups that rules can name. */
  groups: { name: string; title: string; members: number }[]
}

/** One past proposal that would have been asked for otherwise. */
export type ApprovalPreviewRow = {
  proposalId: string
  number: number
  summary: string
  workload: { name: string; title: string }
  at: string
  outcome: string
  /** What is asked for now, and what would have been, in words. */
  now: string
  would: string
  /** Whether those who approved it would have been enough; null where nobody did. */
  enough: boolean | null
}

export type ApprovalPreview = {
  from: string
  to: string
  checked: number
  left: number
  changed: number
  /** Of what was approved: how many would have needed somebody else as well. */
  notEnough: number
  rows: ApprovalPreviewRow[]
}
