import {
  type ApprovalPolicy,
  type ApprovalRule,
  type AutomationRule,
  approvalRule,
  automationRule,
  type FailSafeRule,
  failSafeRule,
} from '../../../server/governance/contract.ts'

export const sections = ['approvals', 'automation', 'failSafes'] as const
export type SectionName = (typeof sections)[number]
export type AnyRule = ApprovalRule | AutomationRule | FailSafeRule

/** A rule that is opened for editing; `name` null: a new one. */
export type Draftable = { section: SectionName; name: string | null; rule: AnyRule | null }

export const sectionWords: Record<SectionName, { title: string; add: string; empty: string }> = {
  approvals: {
    title: 'Who has to say yes',
    add: 'Add an approval rule',
    empty: 'One person who may decide is enough. Nobody ever approves their own override.',
  },
  automation: {
    title: 'Automation levels',
    add: 'Add a level',
    empty: 'People decide everything that is proposed.',
  },
  failSafes: {
    title: 'At the deadline',
    add: 'Add a fail-safe',
    empty: 'What nobody decides expires, and nothing is changed.',
  },
}

const schemas = { approvals: approvalRule, automation: automationRule, failSafes: failSafeRule }

/** What was typed as a rule of its section, or what is wrong with it, field by field. */
export function parseRule(
  section: SectionName,
  typed: Record<string, unknown>,
): { rule: AnyRule } | { problems: Record<string, string> } {
  const parsed = schemas[section].safeParse(typed)
  if (parsed.success) return { rule: parsed.data }
  const problems: Record<string, string> = {}
  for (const { path, message } of parsed.error.issues) problems[path.join('.') || 'form'] ??= message
  return { problems }
}

/** The policy with a rule put in, in the place of the one called `name`. */
export function put(
  policy: ApprovalPolicy,
  section: SectionName,
  name: string | null,
  rule: AnyRule,
): ApprovalPolicy {
  const rules: AnyRule[] = policy[section]
  const next = name === null ? [...rules, rule] : rules.map((one) => (one.name === name ? rule : one))
  return { ...policy, [section]: next }
}

export function remove(policy: ApprovalPolicy, section: SectionName, name: string): ApprovalPolicy {
  const rules: AnyRule[] = policy[section]
  return { ...policy, [section]: rules.filter((one) => one.name !== name) }
}
