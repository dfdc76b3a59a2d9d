import { z } from 'zod'
import { writtenText } from './written.ts'

/**
 * *advisory*: shown, never in the way. *soft-mandatory*: refuses unless a holder of `policy.waive` lets it pass, with a
 * reason. *hard-mandatory*: refuses.
 */
export const enforcements = ['advisory', 'soft-mandatory', 'hard-mandatory'] as const
export type Enforcement = (typeof enforcements)[number]

/** Marks of a month's budget at which an alert is given, in percent. */
export const budgetMarks = [50, 75, 90, 100] as const
export type BudgetMark = (typeof budgetMarks)[number]

const word = z.string().trim().min(1, 'must not be empty').max(63)
const names = z.array(word).min(1, 'name at least one').max(50)
const usd = z.number().positive('must be more than 0').max(1e9)

/** Which workloads a rule is about: all that is given must match; nothing given means every workload. */
export const ruleScope = z.strictObject({
  workload: word.optional(),
  team: word.optional(),
  environment: word.optional(),
  dataClassification: word.optional(),
})
export type RuleScope = z.infer<typeof ruleScope>

/** What a limit is held against: each workload alone, or the sum of a team, of an environment, or of the whole scope. */
const per = z.enum(['workload', 'team', 'environment', 'scope']).default('workload')

const named = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use a–z, 0–9 and "-", at most 63'),
  enforcement: z.enum(enforcements),
  scope: ruleScope.default({}),
  /** Why the rule is there, for those that it refuses. */
  note: z.string().trim().max(500).optional(),
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time as HH:MM')
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/**
 * A span in time, or one of every week in the wall clock of a place; one that ends before it begins runs past midnight, one that
 * ends when it begins lasts a whole day.
 */
export const freezeWindow = z.discriminatedUnion('repeat', [
  z
    .strictObject({ repeat: z.literal('once'), from: z.iso.datetime(), to: z.iso.datetime() })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
      message: 'must be after its start',
      path: ['to'],
    }),
  z.strictObject({
    repeat: z.literal('weekly'),
    /** Days on which it begins. */
    days: z.array(z.enum(weekdays)).min(1, 'name at least one day'),
    from: clock,
    to: clock,
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'is no time zone of the IANA database, such as "Europe/Berlin"'),
  }),
])
export type FreezeWindow = z.infer<typeof freezeWindow>

/** One typed rule. Money in USD, carbon in grams of CO₂, shares from 0 to 1. */
export const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...named, kind: z.literal('cost-per-hour'), per, limitUsd: usd }),
  /** Of a calendar month in UTC; a plan is held against the forecast of the month's end. */
  z.strictObject({ ...named, kind: z.literal('cost-per-month'), per, limitUsd: usd }),
  z.strictObject({ ...named, kind: z.literal('jurisdictions'), allowed: names }),
  z.strictObject({ ...named, kind: z.literal('security-tier'), minimum: z.number().int().min(1).max(5) }),
  z.strictObject({
    ...named,
    kind: z.literal('step-limit'),
    maxUp: z.number().int().min(1).max(100_000),
    maxDown: z.number().int().min(1).max(100_000),
  }),
  /** Changes carried out on a workload in the past hour, the one in question included. */
  z.strictObject({
    ...named,
    kind: z.literal('rate-limit'),
    maxChangesPerHour: z.number().int().min(1).max(1_000),
  }),
  z.strictObject({
    ...named,
    kind: z.literal('freeze'),
    window: freezeWindow,
    /** *falls*: capacity may still be added. */
    blocks: z.enum(['everything', 'falls']).default('everything'),
  }),
  /** Policies in Cedar, held against each action by itself (`written.ts`). */
  z.strictObject({ ...named, kind: z.literal('written'), ...writtenText }),
  /** Share of a workload's capacity that may stand on spot. */
  z.strictObject({ ...named, kind: z.literal('spot-share'), maxShare: z.number().min(0).lt(1) }),
  z
    .strictObject({
      ...named,
      kind: z.literal('carbon'),
      per,
      limit: z.number().positive('must be more than 0').max(1e12),
      /** *g-per-thousand*: of each thousand units of demand, at the peak of the median forecast. */
      unit: z.enum(['g-per-hour', 'g-per-thousand']).default('g-per-hour'),
    })
    .refine((rule) => rule.unit === 'g-per-hour' || rule.per === 'workload', {
      message: 'what is counted per unit of demand is counted per workload',
      path: ['per'],
    }),
])
export type Rule = z.output<typeof ruleSchema>
export type RuleInput = z.input<typeof ruleSchema>
export type RuleKind = Rule['kind']
export const ruleKinds = ruleSchema.options.map(({ shape }) => shape.kind.value) as RuleKind[]

/** What is published as a whole. Names are unique: waivers, alerts and people call a rule by its name. */
export const ruleList = z
  .array(ruleSchema)
  .max(200, 'at most 200 rules')
  .superRefine((rules, context) => {
    for (const [i, { name }] of rules.entries()) {
      if (rules.findIndex((other) => other.name === name) === i) continue
      context.addIssue({ code: 'custom', path: [i, 'name'], message: `another rule is called "${name}"` })
    }
  })

/** The rules in force; version 0 is the empty set that every installation begins with. */
export type RuleSet = { version: number; rules: Rule[] }

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
