'use client'
import { Moment, useCoarseNow } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { Field } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { formatDayClock } from '../ui/time.ts'
import { atOnce, lateIn, offeredWindow, type WindowChoice, windowOf } from './window-choice.ts'

/** Chooses between now and a window that ends before the proposal does. */
export function WindowField({
  value,
  latest,
  inTimeUntil,
  onChange,
}: {
  value: WindowChoice
  /** When the proposal expires, and so the last end of a window; milliseconds. */
  latest: number
  /** Up to when it is ready before the surge; milliseconds, null without a surge. */
  inTimeUntil: number | null
  onChange: (value: WindowChoice) => void
}) {
  const now = useCoarseNow(60)
  const choose = (when: WindowChoice['when']) =>
    onChange(when === 'now' ? atOnce : offeredWindow(now, latest, inTimeUntil))
  const late = lateIn(value, inTimeUntil)
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
      {late === 'no' || inTimeUntil === null ? null : (
        <p className="text-wait text-xs">
          {late === 'all'
            ? 'Too late for the surge: to be ready when it begins, it must be carried out by '
            : 'Carried out early in the window it is ready when the surge begins; it no longer is after '}
          <Moment at={new Date(inTimeUntil).toISOString()} format={formatDayClock} />.
        </p>
      )}
    </div>
  )
}
