'use client'
import { useState } from 'react'
import { type ApprovalPolicy, approvalPolicy } from '../../../server/governance/contract.ts'
import { Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

type Key = 'holdSeconds' | keyof ApprovalPolicy['earned']

const fields: { key: Key; label: string; hint: string; percent?: boolean }[] = [
  {
    key: 'holdSeconds',
    label: 'Hold, s',
    hint: 'How long an approval can be undone before it is carried out; 0 to 600.',
  },
  { key: 'windowDays', label: 'Window, days', hint: 'What autonomy is measured over.' },
  { key: 'minDecisions', label: 'Decisions, at least', hint: 'Of people, in the window.' },
  {
    key: 'minCoverage',
    label: 'Coverage, at least %',
    hint: 'Of stated 90 % intervals, those that held.',
    percent: true,
  },
  {
    key: 'maxOverrideRate',
    label: 'Overrides, at most %',
    hint: 'Decisions that changed or refused what was proposed.',
    percent: true,
  },
  {
    key: 'minGoodOutcomes',
    label: 'Good outcomes, at least %',
    hint: 'Verified, not taken back, and no worse than the reactive autoscaler.',
    percent: true,
  },
]

/** What holds for all: the hold before dispatch, and what autonomy takes. */
export function SettingsDialog({
  policy,
  pending,
  error,
  onSave,
  onClose,
}: {
  policy: ApprovalPolicy
  pending: boolean
  error: string | null
  onSave: (policy: ApprovalPolicy) => void
  onClose: () => void
}) {
  const [texts, setTexts] = useState(() => {
    const values: Record<Key, number> = { holdSeconds: policy.holdSeconds, ...policy.earned }
    return new Map(
      fields.map(({ key, percent }) => [key, String(Number((values[key] * (percent ? 100 : 1)).toFixed(3)))]),
    )
  })
  const [problems, setProblems] = useState<Record<string, string>>({})
  const send = () => {
    const value = (key: Key, percent?: boolean) => {
      const text = texts.get(key)?.trim() ?? ''
      return text === '' ? Number.NaN : Number(text) / (percent ? 100 : 1)
    }
    const [hold, ...earned] = fields.map(({ key, percent }) => [key, value(key, percent)] as const)
    const parsed = approvalPolicy.safeParse({
      ...policy,
      holdSeconds: hold?.[1],
      earned: Object.fromEntries(earned),
    })
    if (parsed.success) return onSave(parsed.data)
    setProblems(
      Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path.at(-1)), message])),
    )
  }
  return (
    <FormDialog
      title="What holds for all"
      act="Save the draft"
      acting="Saving"
      pending={pending}
      failed="Not saved"
      error={error}
      onSend={send}
      onClose={onClose}
    >
      {fields.map(({ key, label, hint }) => (
        <Field key={key} label={label} hint={hint} error={problems[key] ?? null}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              value={texts.get(key) ?? ''}
              onChange={(event) => setTexts(new Map(texts).set(key, event.target.value))}
            />
          )}
        </Field>
      ))}
    </FormDialog>
  )
}
