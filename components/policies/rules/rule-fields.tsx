'use client'
import { weekdays } from '../../../server/plan/contract.ts'
import { CheckList } from '../../ui/check-list.tsx'
import { DateTimeInput } from '../../ui/date-time-input.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import type { FormErrors, RuleForm } from './rule-form-state.ts'
import { perWords } from './rule-words.ts'
import { WrittenFields } from './written-fields.tsx'

type FieldsProps = {
  form: RuleForm
  errors: FormErrors
  change: (part: Partial<RuleForm>) => void
}
type TextKey = 'limit' | 'allowed' | 'minimum' | 'maxUp' | 'maxDown' | 'maxChangesPerHour' | 'maxShare'

/** The fields of the chosen kind of rule. */
export function KindFields(props: FieldsProps) {
  const { form, change } = props
  switch (form.kind) {
    case 'cost-per-hour':
      return (
        <>
          <NumberField {...props} field="limit" label="Limit, $/h" />
          <PerField {...props} />
        </>
      )
    case 'cost-per-month':
      return (
        <>
          <NumberField {...props} field="limit" label="Limit, $ a month" />
          <PerField {...props} />
        </>
      )
    case 'jurisdictions':
      return (
        <Field label="Allowed" hint="Separated by commas, as domains name them." error={props.errors.allowed}>
          {(ids) => (
            <Input
              {...ids}
              value={form.allowed}
              onChange={({ target }) => change({ allowed: target.value })}
            />
          )}
        </Field>
      )
    case 'security-tier':
      return <NumberField {...props} field="minimum" label="Least tier" hint="1 to 5" />
    case 'step-limit':
      return (
        <>
          <NumberField {...props} field="maxUp" label="Most added at once" />
          <NumberField {...props} field="maxDown" label="Most removed at once" />
        </>
      )
    case 'rate-limit':
      return <NumberField {...props} field="maxChangesPerHour" label="Most changes an hour" />
    case 'spot-share':
      return <NumberField {...props} field="maxShare" label="Most on spot, %" />
    case 'carbon':
      return (
        <>
          <NumberField {...props} field="limit" label="Limit, g CO₂" />
          <Field label="For each">
            {({ id }) => (
              <Select
                id={id}
                value={form.unit}
                onChange={(unit) =>
                  change({ unit, ...(unit === 'g-per-thousand' ? { per: 'workload' } : {}) })
                }
                options={[
                  { value: 'g-per-hour', label: 'hour' },
                  { value: 'g-per-thousand', label: 'thousand units of demand' },
                ]}
              />
            )}
          </Field>
          {form.unit === 'g-per-hour' ? <PerField {...props} /> : null}
        </>
      )
    case 'written':
      return <WrittenFields {...props} />
    case 'freeze':
      return <FreezeFields {...props} />
  }
}

function NumberField({
  form,
  errors,
  change,
  field,
  label,
  hint,
}: FieldsProps & { field: TextKey; label: string; hint?: string }) {
  return (
    <Field label={label} hint={hint} error={errors[field]}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          step="any"
          inputMode="decimal"
          value={form[field]}
          onChange={({ target }) => change({ [field]: target.value })}
        />
      )}
    </Field>
  )
}

function PerField({ form, errors, change }: FieldsProps) {
  return (
    <Field label="Held for" error={errors.per}>
      {({ id }) => (
        <Select
          id={id}
          value={form.per}
          onChange={(per) => change({ per })}
          options={(['workload', 'team', 'environment', 'scope'] as const).map((value) => ({
            value,
            label: perWords[value],
          }))}
        />
      )}
    </Field>
  )
}

function FreezeFields({ form, errors, change }: FieldsProps) {
  return (
    <>
      <div className="flex flex-wrap gap-3 sm:col-span-2">
        <Segmented
          label="How often"
          value={form.repeat}
          onChange={(repeat) => change({ repeat })}
          options={[
            { value: 'weekly', label: 'every week' },
            { value: 'once', label: 'once' },
          ]}
        />
        <Segmented
          label="What is frozen"
          value={form.blocks}
          onChange={(blocks) => change({ blocks })}
          options={[
            { value: 'everything', label: 'every change' },
            { value: 'falls', label: 'taking away alone' },
          ]}
        />
      </div>
      {form.repeat === 'once' ? (
        <>
          <Field label="From" error={errors.onceFrom}>
            {(ids) => (
              <DateTimeInput {...ids} value={form.onceFrom} onChange={(onceFrom) => change({ onceFrom })} />
            )}
          </Field>
          <Field label="To" error={errors.onceTo}>
            {(ids) => (
              <DateTimeInput {...ids} value={form.onceTo} onChange={(onceTo) => change({ onceTo })} />
            )}
          </Field>
        </>
      ) : (
        <>
          <Field label="From" error={errors.from}>
            {(ids) => (
              <Input
                {...ids}
                type="time"
                value={form.from}
                onChange={({ target }) => change({ from: target.value })}
              />
            )}
          </Field>
          <Field label="To" hint="Earlier than its start: on the next day." error={errors.to}>
            {(ids) => (
              <Input
                {...ids}
                type="time"
                value={form.to}
                onChange={({ target }) => change({ to: target.value })}
              />
            )}
          </Field>
          <CheckList
            label="Days on which it begins"
            className="flex-row flex-wrap gap-x-4 sm:col-span-2"
            value={form.days}
            onChange={(days) => change({ days })}
            error={errors.days}
            options={weekdays.map((day) => ({ value: day, label: day }))}
          />
          <Field
            label="Time zone"
            hint="Of the IANA database, such as Europe/Berlin."
            error={errors.timeZone}
          >
            {(ids) => (
              <Input
                {...ids}
                value={form.timeZone}
                onChange={({ target }) => change({ timeZone: target.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  )
}
