import type { AnyRule, SectionName } from './sections.ts'

/** What stands in the fields of a rule. */
export type RuleForm = {
  name: string
  note: string
  workload: string
  team: string
  environment: string
  dataClassification: string
  kinds: string[]
  cost: string
  sharedWith: string
  origins: string[]
  approvers: string
  teams: string
  from: string[]
  level: string
  maxChange: string
  maxSharedWith: string
  minConfidence: string
  falls: boolean
  fallback: string
}

const text = (value: number | undefined) => (value === undefined ? '' : String(value))

/** A rule as it stands in the fields; a new one as it begins. */
export function formOf(rule: AnyRule | null): RuleForm {
  const scope = rule?.scope
  const approval = rule && 'approvers' in rule ? rule : null
  const level = rule && 'level' in rule ? rule : null
  const safe = rule && 'fallback' in rule ? rule : null
  const bounds = level?.bounds
  return {
    name: rule?.name ?? '',
    note: rule?.note ?? '',
    workload: scope?.workload ?? '',
    team: scope?.team ?? '',
    environment: scope?.environment ?? '',
    dataClassification: scope?.dataClassification ?? '',
    kinds: rule?.kinds ?? [],
    cost: text(
      approval?.when.costChangePerHourUsd ?? bounds?.maxCostChangePerHourUsd ?? safe?.maxCostChangePerHourUsd,
    ),
    sharedWith: text(approval?.when.sharedWith),
    origins: approval?.when.origins ?? [],
    approvers: text(approval?.approvers ?? 2),
    teams: text(approval?.teams ?? 1),
    from: approval?.from ?? [],
    level: level?.level ?? 'approve',
    maxChange: text(bounds?.maxChange),
    maxSharedWith: text(bounds?.maxSharedWith ?? 0),
    minConfidence: text(bounds ? bounds.minConfidence * 100 : 90),
    falls: bounds?.falls ?? false,
    fallback: safe?.fallback ?? 'hold',
  }
}

const number = (typed: string) => (typed.trim() === '' ? undefined : Number(typed))
const words = (typed: string) => typed.trim() || undefined
const some = (chosen: string[]) => (chosen.length > 0 ? chosen : undefined)

/** The fields as the server takes them; the schema of the section says what is wrong with them. */
export function typedRule(section: SectionName, form: RuleForm): Record<string, unknown> {
  const about = {
    name: form.name.trim(),
    note: words(form.note),
    kinds: some(form.kinds),
    scope: {
      workload: words(form.workload),
      team: words(form.team),
      environment: words(form.environment),
      dataClassification: words(form.dataClassification),
    },
  }
  if (section === 'approvals') {
    const when = {
      costChangePerHourUsd: number(form.cost),
      sharedWith: number(form.sharedWith),
      origins: some(form.origins),
    }
    return { ...about, when, approvers: number(form.approvers), teams: number(form.teams), from: form.from }
  }
  if (section === 'failSafes') {
    const most = form.fallback === 'scale-up' ? number(form.cost) : undefined
    return { ...about, fallback: form.fallback, maxCostChangePerHourUsd: most }
  }
  const confidence = number(form.minConfidence)
  const bounds = {
    maxChange: number(form.maxChange),
    maxCostChangePerHourUsd: number(form.cost),
    maxSharedWith: number(form.maxSharedWith),
    minConfidence: confidence === undefined ? undefined : confidence / 100,
    falls: form.falls,
  }
  return { ...about, level: form.level, ...(form.level === 'automatic' ? { bounds } : {}) }
}
