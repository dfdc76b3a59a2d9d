import { z } from 'zod'
import {
  type BudgetMark,
  type Enforcement,
  type PolicyResult,
  type Rule,
  type RuleKind,
  ruleList,
} from '../../plan/contract.ts'

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)
const version = z.number().int().min(0)

/** What an admin works on. `basedOnDraft`: number of the draft that was on the screen; 0 where there was none. */
export const saveDraftInput = z.strictObject({ rules: ruleList, basedOnDraft: z.number().int().min(0) })
export type SaveDraftInput = z.input<typeof saveDraftInput>

/** `basedOnVersion`: the published version that the admin saw; 0 before the first. */
export const publishRulesInput = z.strictObject({
  draftNumber: z.number().int().positive(),
  basedOnVersion: version,
  reason: why,
})
export type PublishRulesInput = z.infer<typeof publishRulesInput>

/** Holds rules against what was proposed before `now`; those of the draft where none are given. */
export const backTestInput = z.strictObject({
  rules: ruleList.optional(),
  days: z.number().int().min(1).max(30).default(30),
})
export type BackTestInput = z.input<typeof backTestInput>

/** `before`: only versions older than this one. */
export const ruleHistoryInput = z.strictObject({
  before: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(100).default(50),
})
export type RuleHistoryInput = z.input<typeof ruleHistoryInput>

/** One rule that two versions do not share. */
export type RuleDifference = { name: string; before: Rule | null; after: Rule | null }

export type RuleDraftView = {
  number: number
  basedOnVersion: number
  rules: Rule[]
  /** Against what is published. */
  differences: RuleDifference[]
  author: string
  createdAt: string
}

export type RuleSetView = {
  version: number
  rules: Rule[]
  /** Against the version before. */
  differences: RuleDifference[]
  reason: string
  author: string
  createdAt: string
}

/** Where a rule stands now, for one group that shares its limit. */
export type RuleStanding = {
  rule: string
  of: string
  kind: RuleKind
  /** Of the limit, 0 to …; null where the rule has no level. */
  used: number | null
  actual: string
  limit: string
  /** Of a month's budget: spent so far, and what the month comes to if the rest costs what is usual. */
  budget: { spentUsd: number; monthEndUsd: number; limitUsd: number; reached: BudgetMark | null } | null
}

export type BudgetAlertView = {
  id: string
  rule: string
  of: string
  month: string
  mark: BudgetMark
  limitUsd: number
  spentUsd: number
  monthEndUsd: number
  at: string
}

/** All that the page of rules shows. `draft` is null where nothing differs from what is published. */
export type RulesView = {
  version: number
  rules: Rule[]
  /** Number of the newest draft, which the next save must be based on. */
  draftNumber: number
  draft: RuleDraftView | null
  standings: RuleStanding[]
  alerts: BudgetAlertView[]
  /** How many workloads each published rule is about. */
  inScope: Record<string, number>
}

/** What a rule would have made of one proposal. */
export type BackTestRow = {
  proposalId: string
  number: number
  summary: string
  workload: { name: string; title: string }
  at: string
  /** *refused*: a hard rule; *waiver*: soft ones alone; *flagged*: advisory ones alone; *released*: refused by what is in force alone. */
  verdict: 'refused' | 'waiver' | 'flagged' | 'released'
  rules: { name: string; kind: PolicyResult['rule']; enforcement: Enforcement; message: string }[]
  /** What became of it: its last decision, or its state. */
  outcome: string
  applied: boolean
  /** The nearest that would have passed, for a person; null where nothing would. */
  nearest: string | null
  /** What doing that instead changes: money per hour and grams per hour, negative is less; risk as a probability. */
  usdPerHour: number
  carbonGPerHour: number
  sloRisk: number | null
  /** Over the hours that it stood, for what was applied; null otherwise. */
  usd: number | null
}

export type BackTest = {
  from: string
  to: string
  checked: number
  /** Proposals of the span that were not looked at because there were too many; the newest come first. */
  left: number
  refused: number
  waiver: number
  flagged: number
  released: number
  /** Sum over what was applied: negative is saved. */
  usd: number
  /** The gravest first, then the newest. */
  rows: BackTestRow[]
  rowsLeft: number
}

/** What a person let pass, and why; kept with the decision. */
export type Waiver = { rules: string[]; reason: string }
