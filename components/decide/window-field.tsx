'use client'
import { useCoarseNow } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { Field } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { atOnce, type WindowChoice, windowOf } from './window-choice.ts'

const hour = 3_600_000

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
      <div>
        <Segmented
          label="When it is carried out"
          value={value.when}
          options={[
            { value: 'now', label: 'Now' },
            { value: 'window', label: 'In a window' },
          ]}
          onChange={choose}
        />
      </div>
      {value.when === 'window' ? (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(200px,1fr))] gap-2">
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
