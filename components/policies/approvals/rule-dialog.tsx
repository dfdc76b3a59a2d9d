'use client'
import { useState } from 'react'
import {
  type ApprovalsView,
  automationLevels,
  failSafes,
  origins,
} from '../../../server/governance/contract.ts'
import { actionKinds } from '../../../server/plan/contract.ts'
import { CheckList } from '../../ui/check-list.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { formatCount } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { Concerns, useScopeValues } from './concerns.tsx'
import { formOf, type RuleForm, typedRule } from './rule-form.ts'
import { type AnyRule, type Draftable, parseRule, sectionWords } from './sections.ts'

type RuleDialogProps = Draftable & {
  groups: ApprovalsView['groups']
  pending: boolean
  error: string | null
  onSave: (rule: AnyRule) => void
  onClose: () => void
}

const originWords = { proposed: 'proposed', override: 'an override', rollback: 'a rollback' }
const levelWords = {
  observe: 'Observe: nothing is proposed',
  recommend: 'Recommend: proposed, nobody can approve',
  approve: 'Approve: people decide',
  automatic: 'Automatic within bounds, where it was earned',
}
const safeWords = {
  expire: 'Expire: it ends, nothing is changed',
  hold: 'Hold: nothing is changed, and it stays, overdue',
  'scale-up': 'Scale up: what only adds capacity is approved',
}

const scopeFields = [
  { key: 'environment', label: 'Environment' },
  { key: 'workload', label: 'Workload' },
  { key: 'team', label: 'Team of the workload' },
  { key: 'dataClassification', label: 'Data classification' },
] as const

/** What is typed of a scope; an empty field narrows nothing. */
const scopeOf = (form: RuleForm) =>
  Object.fromEntries(scopeFields.flatMap(({ key }) => (form[key].trim() ? [[key, form[key].trim()]] : [])))

/** One rule of a section, as it is typed; saved into the draft. */
export function RuleDialog({
  section,
  name,
  rule,
  groups,
  pending,
  error,
  onSave,
  onClose,
}: RuleDialogProps) {
  const [form, setForm] = useState(() => formOf(rule))
  const [problems, setProblems] = useState<Record<string, string>>({})
  const values = useScopeValues()
  const set = <Key extends keyof RuleForm>(key: Key, value: RuleForm[Key]) =>
    setForm({ ...form, [key]: value })
  const send = () => {
    const parsed = parseRule(section, typedRule(section, form))
    if ('rule' in parsed) onSave(parsed.rule)
    else setProblems(parsed.problems)
  }
  type TextKey = { [Key in keyof RuleForm]: RuleForm[Key] extends string ? Key : never }[keyof RuleForm]
  const field = (key: TextKey, label: string, path: string, hint?: string, isNumber = false) => (
    <Field label={label} hint={hint} error={problems[path] ?? null}>
      {(ids) => (
        <Input
          {...ids}
          type={isNumber ? 'number' : 'text'}
          value={form[key]}
          onChange={(event) => set(key, event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <FormDialog
      wide
      title={name === null ? sectionWords[section].add : `Change ${name}`}
      description="All that is given must match; nothing given means everything. Saved into the draft, and in force once that is published."
      act="Save the draft"
      acting="Saving"
      pending={pending}
      failed="Not saved"
      error={error ?? problems.form}
      onSend={send}
      onClose={onClose}
    >
      {field('name', 'Name', 'name', 'a–z, 0–9 and “-”.')}
      <div className="grid gap-3 sm:grid-cols-2">
        {scopeFields.map(({ key, label }) => (
          <Field key={key} label={label} error={problems[`scope.${key}`] ?? null}>
            {(ids) => (
              <>
                <Input
                  {...ids}
                  list={`${ids.id}-known`}
                  value={form[key]}
                  onChange={(event) => set(key, event.target.value)}
                />
                <datalist id={`${ids.id}-known`}>
                  {values[key].map((value) => (
                    <option key={value} value={value} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        ))}
      </div>
      <Concerns scope={scopeOf(form)} />
      <CheckList
        label="Kinds of action; none: all"
        options={actionKinds.map((value) => ({ value, label: value }))}
        value={form.kinds.flatMap((kind) => actionKinds.find((known) => known === kind) ?? [])}
        onChange={(kinds) => set('kinds', kinds)}
        className="grid-cols-2 sm:grid sm:grid-cols-3"
      />
      {section === 'approvals' ? (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            {field('cost', 'From added $/h', 'when.costChangePerHourUsd', 'Empty: whatever it costs.', true)}
            {field(
              'sharedWith',
              'From others on the same capacity',
              'when.sharedWith',
              'Empty: whoever shares it.',
              true,
            )}
            {field('approvers', 'Approvers', 'approvers', undefined, true)}
            {field('teams', 'From so many different teams', 'teams', 'Nobody stands for two.', true)}
          </div>
          <CheckList
            label="Of these groups; none: anybody who may decide"
            options={groups.map((group) => ({
              value: group.name,
              label: group.title,
              hint: `${group.name}, ${formatCount(group.members, 'person', 'people')}`,
            }))}
            value={form.from}
            onChange={(from) => set('from', from)}
            error={problems.from ?? null}
          />
          <CheckList
            label="Only for; none: all"
            options={origins.map((value) => ({ value, label: originWords[value] }))}
            value={form.origins.flatMap((origin) => origins.find((known) => known === origin) ?? [])}
            onChange={(chosen) => set('origins', chosen)}
          />
        </>
      ) : null}
      {section === 'automation' ? (
        <>
          <Field label="Level">
            {({ id }) => (
              <Select
                id={id}
                value={automationLevels.find((level) => level === form.level) ?? 'approve'}
                options={automationLevels.map((value) => ({ value, label: levelWords[value] }))}
                onChange={(level) => set('level', level)}
              />
            )}
          </Field>
          {form.level === 'automatic' ? (
            <div className="grid gap-3 sm:grid-cols-2">
              {field(
                'maxChange',
                'Each action, at most',
                'bounds.maxChange',
                'Replicas, nodes, instances.',
                true,
              )}
              {field('cost', 'Added $/h, at most', 'bounds.maxCostChangePerHourUsd', undefined, true)}
              {field(
                'maxSharedWith',
                'Others on the capacity, at most',
                'bounds.maxSharedWith',
                undefined,
                true,
              )}
              {field('minConfidence', 'Sure, at least %', 'bounds.minConfidence', undefined, true)}
              <CheckList
                label="Direction"
                options={[{ value: 'falls', label: 'Capacity may be taken away as well' }]}
                value={form.falls ? ['falls'] : []}
                onChange={(chosen) => set('falls', chosen.length > 0)}
              />
            </div>
          ) : null}
        </>
      ) : null}
      {section === 'failSafes' ? (
        <>
          <Field label="When nobody decides">
            {({ id }) => (
              <Select
                id={id}
                value={failSafes.find((one) => one === form.fallback) ?? 'hold'}
                options={failSafes.map((value) => ({ value, label: safeWords[value] }))}
                onChange={(fallback) => set('fallback', fallback)}
              />
            )}
          </Field>
          {form.fallback === 'scale-up'
            ? field('cost', 'Added $/h, at most', 'maxCostChangePerHourUsd', undefined, true)
            : null}
        </>
      ) : null}
      {field('note', 'Note', 'note', 'Why it is there.')}
    </FormDialog>
  )
}
