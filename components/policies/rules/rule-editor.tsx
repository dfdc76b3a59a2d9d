'use client'
import { useState } from 'react'
import { enforcements, type Rule, ruleKinds } from '../../../server/plan/contract.ts'
import { Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { KindFields } from './rule-fields.tsx'
import { formOf, type RuleForm, readRule, type ScopeKey, scopeKeys } from './rule-form-state.ts'
import { enforcementWords, kindWords } from './rule-words.ts'

const scopeLabels: Record<ScopeKey, string> = {
  workload: 'Workload',
  team: 'Team',
  environment: 'Environment',
  dataClassification: 'Data classification',
}

type RuleEditorProps = {
  /** Null for a new one. */
  rule: Rule | null
  /** Names of the other rules. */
  taken: readonly string[]
  pending: boolean
  error: string | null
  onSave: (rule: Rule) => void
  onClose: () => void
}

/** One rule, checked while it is typed; it goes into the draft, and nothing is in force by that. */
export function RuleEditor({ rule, taken, pending, error, onSave, onClose }: RuleEditorProps) {
  const [form, setForm] = useState(() => formOf(rule))
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const read = readRule(form, taken)
  const change = (part: Partial<RuleForm>) => {
    setForm({ ...form, ...part })
    setTouched(new Set([...touched, ...Object.keys(part)]))
  }
  // A field complains once something was typed into it, or once somebody wanted to go on.
  const errors = read.ok
    ? {}
    : Object.fromEntries(Object.entries(read.errors).filter(([field]) => tried || touched.has(field)))
  const send = () => {
    setTried(true)
    if (read.ok) onSave(read.rule)
  }
  return (
    <FormDialog
      title={rule ? `Change ${rule.name}` : 'Add a rule'}
      description="It goes into the draft. Nothing is in force until the draft is published."
      wide
      act="Save in the draft"
      acting="Saving"
      pending={pending}
      failed="Not saved"
      error={error}
      onSend={send}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name" hint="What people and the log call it, such as chat-budget." error={errors.name}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus={rule === null}
              value={form.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <Field label="Enforcement" hint={enforcementWords[form.enforcement].hint}>
          {({ id }) => (
            <Select
              id={id}
              value={form.enforcement}
              onChange={(enforcement) => change({ enforcement })}
              options={enforcements.map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <Field label="Kind" hint={kindWords[form.kind].hint} className="sm:col-span-2">
          {({ id }) => (
            <Select
              id={id}
              className="sm:max-w-80"
              value={form.kind}
              onChange={(kind) => change({ kind })}
              options={ruleKinds.map((value) => ({ value, label: kindWords[value].title }))}
            />
          )}
        </Field>
        <KindFields form={form} errors={errors} change={change} />
      </div>
      <fieldset>
        <legend className="mb-1 font-medium text-xs">About</legend>
        <p className="mb-2 text-muted text-xs">
          All that is given must match; nothing given is every workload.
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          {scopeKeys.map((key) => (
            <Field key={key} label={scopeLabels[key]} error={errors.scope}>
              {(ids) => (
                <Input
                  {...ids}
                  placeholder="any"
                  value={form.scope[key]}
                  onChange={({ target }) => change({ scope: { ...form.scope, [key]: target.value } })}
                />
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      <Field
        label="Note (optional)"
        hint="Told to whoever is refused: why the rule is there."
        error={errors.note}
      >
        {(ids) => (
          <Input
            {...ids}
            maxLength={500}
            value={form.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        )}
      </Field>
    </FormDialog>
  )
}
