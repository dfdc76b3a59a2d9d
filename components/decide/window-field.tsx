'use client'
import type { RunWindow } from '../../server/governance/contract.ts'
import { useCoarseNow } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { Field } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'

const hour = 3_600_000

/** When it is carried out: at once, or between two times. */
export type WindowChoice = { when: 'now' | 'window'; from: number | null; to: number | null }

export const atOnce: WindowChoice = { when: 'now', from: null, to: null }

/** What is sent, or that something is missing. */
export function windowOf({ when, from, to }: WindowChoice): { window: RunWindow | undefined } | null {
  if (when === 'now') return { window: undefined }
  if (from === null || to === null || from >= to) return null
  return { window: { notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString() } }
}

/** Chooses between now and a window that ends before the proposal does. */
export function WindowField({
  value,
  latest,
  onChange,
}: {
  value: WindowChoice
  /** When the proposal expires, and so the last end of a window; milliseconds. */
  latest: number
  onChange: (value: WindowChoice) => void
}) {
  const now = useCoarseNow(60)
  const choose = (when: WindowChoice['when']) =>
    onChange(
      when === 'now' ? atOnce : { when, from: Math.min(now + hour, now + (latest - now) / 2), to: latest },
    )
  const wrong = value.when === 'window' && windowOf(value) === null
  return (
    <div className="flex flex-col gap-2">
      <Segmented
        label="When it is carried out"
        value={value.when}
        options={[
          { value: 'now', label: 'Now' },
          { value: 'window', label: 'In a window' },
        ]}
        onChange={choose}
      />
      {value.when === 'window' ? (
        <div className="grid gap-2 sm:grid-cols-2">
          <Field label="Not before">
            {(ids) => (
              <DateTimeInput
                {...ids}
                value={value.from}
                min={now}
                max={latest}
                onChange={(from) => onChange({ ...value, from })}
              />
            )}
          </Field>
          <Field
            label="Not after"
            error={wrong ? 'The window must end after it begins.' : null}
            hint="Void if it is not carried out by then."
          >
            {(ids) => (
              <DateTimeInput
                {...ids}
                value={value.to}
                min={now}
                max={latest}
                onChange={(to) => onChange({ ...value, to })}
              />
            )}
          </Field>
        </div>
      ) : null}
    </div>
  )
}
