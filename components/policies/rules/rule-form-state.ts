import {
  type Enforcement,
  type Rule,
  type RuleKind,
  ruleSchema,
  type Weekday,
  weekdays,
} from '../../../server/plan/contract.ts'
import type { perWords } from './rule-words.ts'
import { readTests, testLine } from './written-tests.ts'

export const scopeKeys = ['workload', 'team', 'environment', 'dataClassification'] as const
export type ScopeKey = (typeof scopeKeys)[number]
type Per = keyof typeof perWords

/** What stands in the form: everything of every kind, as typed, so that changing the kind loses nothing. */
export type RuleForm = {
  name: string
  note: string
  enforcement: Enforcement
  kind: RuleKind
  scope: Record<ScopeKey, string>
  per: Per
  limit: string
  allowed: string
  minimum: string
  maxUp: string
  maxDown: string
  maxChangesPerHour: string
  /** In percent. */
  maxShare: string
  unit: 'g-per-hour' | 'g-per-thousand'
  blocks: 'everything' | 'falls'
  repeat: 'once' | 'weekly'
  /** Of a span that happens once, in milliseconds; null until chosen. */
  onceFrom: number | null
  onceTo: number | null
  days: Weekday[]
  from: string
  to: string
  timeZone: string
  /** Policies in Cedar, and their tests a line each. */
  text: string
  tests: string
}

export type FormErrors = Partial<Record<keyof RuleForm | 'scope', string>>
export type ReadRule = { ok: true; rule: Rule } | { ok: false; errors: FormErrors }

const empty: RuleForm = {
  name: '',
  note: '',
  enforcement: 'advisory',
  kind: 'cost-per-month',
  scope: { workload: '', team: '', environment: '', dataClassification: '' },
  per: 'workload',
  limit: '',
  allowed: '',
  minimum: '2',
  maxUp: '5',
  maxDown: '2',
  maxChangesPerHour: '4',
  maxShare: '50',
  unit: 'g-per-hour',
  blocks: 'everything',
  repeat: 'weekly',
  onceFrom: null,
  onceTo: null,
  days: ['sat', 'sun'],
  from: '00:00',
  to: '00:00',
  timeZone: 'UTC',
  text: `@id("name-it")\n@message("Say why.")\nforbid (principal, action, resource)\nwhen {\n  resource.environment == "production" && context.market == "spot"\n};`,
  tests: 'production on spot: forbid market=spot\nproduction on demand: permit market=on_demand',
}

/** The form of a rule; without one, of a new one. */
export function formOf(rule: Rule | null): RuleForm {
  if (rule === null) return empty
  const { name, note = '', enforcement, kind } = rule
  const form: RuleForm = { ...empty, name, note, enforcement, kind, scope: { ...empty.scope, ...rule.scope } }
  switch (rule.kind) {
    case 'cost-per-hour':
    case 'cost-per-month':
      return { ...form, per: rule.per, limit: String(rule.limitUsd) }
    case 'jurisdictions':
      return { ...form, allowed: rule.allowed.join(', ') }
    case 'security-tier':
      return { ...form, minimum: String(rule.minimum) }
    case 'step-limit':
      return { ...form, maxUp: String(rule.maxUp), maxDown: String(rule.maxDown) }
    case 'rate-limit':
      return { ...form, maxChangesPerHour: String(rule.maxChangesPerHour) }
    case 'spot-share':
      return { ...form, maxShare: String(Number((rule.maxShare * 100).toPrecision(12))) }
    case 'carbon':
      return { ...form, per: rule.per, limit: String(rule.limit), unit: rule.unit }
    case 'written':
      return { ...form, text: rule.text, tests: rule.tests.map(testLine).join('\n') }
    case 'freeze': {
      const { window, blocks } = rule
      if (window.repeat === 'weekly') return { ...form, ...window, blocks }
      const { from, to } = window
      return { ...form, blocks, repeat: 'once', onceFrom: Date.parse(from), onceTo: Date.parse(to) }
    }
  }
}

/** The rule that the form says, or what is wrong with which field. `taken`: names of the other rules. */
export function readRule(form: RuleForm, taken: readonly string[]): ReadRule {
  const parsed = ruleSchema.safeParse(draftOf(form))
  const errors: FormErrors = {}
  const unread = form.kind === 'written' ? readTests(form.tests).problem : null
  if (unread !== null) errors.tests = unread
  if (taken.includes(form.name.trim())) errors.name = 'another rule has this name'
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = fieldOf(path, form)
    errors[field] ??= field === 'maxShare' ? 'give a percentage from 0 to less than 100' : sayMissing(message)
  }
  if (parsed.success && Object.keys(errors).length === 0) return { ok: true, rule: parsed.data }
  return { ok: false, errors }
}

/** The zod messages that are about nothing having been typed. */
function sayMissing(message: string): string {
  return message
    .replace(/^Invalid input: expected number, received NaN$/, 'give a number')
    .replace(/^Invalid ISO datetime$/, 'choose a moment')
    .replace(/^Too small: expected (\w+) to be >=?\s*(\S+)$/, 'at least $2')
    .replace(/^Too big: expected (\w+) to be (<=?)\s*(\S+)$/, (_, __, sign, most) =>
      sign === '<' ? `less than ${most}` : `at most ${most}`,
    )
    .replace(/^Invalid input: expected int, received number$/, 'give a whole number')
}

function fieldOf(path: PropertyKey[], { repeat }: RuleForm): keyof FormErrors {
  const key = String(path[0] === 'window' ? path[1] : path[0])
  if (key === 'limitUsd' || key === 'limit') return 'limit'
  if (path[0] === 'window' && repeat === 'once') return key === 'to' ? 'onceTo' : 'onceFrom'
  const fields = Object.keys(empty) as (keyof RuleForm)[]
  return fields.find((field) => field === key) ?? 'name'
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** What the schema is asked about: the fields of the chosen kind alone. */
function draftOf(form: RuleForm): unknown {
  const { kind, enforcement, per, unit, blocks } = form
  const scope = Object.fromEntries(
    scopeKeys.map((key) => [key, form.scope[key].trim()]).filter(([, text]) => text !== ''),
  )
  const note = form.note.trim()
  const common = { name: form.name.trim(), kind, enforcement, scope, ...(note ? { note } : {}) }
  switch (kind) {
    case 'cost-per-hour':
    case 'cost-per-month':
      return { ...common, per, limitUsd: number(form.limit) }
    case 'jurisdictions': {
      const allowed = form.allowed.split(',').map((one) => one.trim())
      return { ...common, allowed: allowed.filter((one) => one !== '') }
    }
    case 'security-tier':
      return { ...common, minimum: number(form.minimum) }
    case 'step-limit':
      return { ...common, maxUp: number(form.maxUp), maxDown: number(form.maxDown) }
    case 'rate-limit':
      return { ...common, maxChangesPerHour: number(form.maxChangesPerHour) }
    case 'spot-share':
      return { ...common, maxShare: Number((number(form.maxShare) / 100).toPrecision(12)) }
    case 'carbon':
      return { ...common, per, unit, limit: number(form.limit) }
    case 'written':
      return { ...common, text: form.text, tests: readTests(form.tests).tests }
    case 'freeze':
      return { ...common, blocks, window: windowOf(form) }
  }
}

function windowOf({ repeat, onceFrom, onceTo, days, from, to, timeZone }: RuleForm): unknown {
  const iso = (ms: number | null) => (ms === null ? '' : new Date(ms).toISOString())
  return repeat === 'once'
    ? { repeat, from: iso(onceFrom), to: iso(onceTo) }
    : { repeat, days: weekdays.filter((day) => days.includes(day)), from, to, timeZone: timeZone.trim() }
}
