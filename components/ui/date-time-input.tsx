'use client'
import { type ComponentProps, useState } from 'react'
import { useZone } from './clock.tsx'
import { Input } from './field.tsx'
import { dateTimeText, momentOf } from './time.ts'

/** A moment to the minute, written in the reader's zone. Tells moments between `min` and `max` alone, in milliseconds. */
export function DateTimeInput({
  value,
  onChange,
  min,
  max,
  ...rest
}: Omit<ComponentProps<typeof Input>, 'value' | 'onChange' | 'min' | 'max' | 'type'> & {
  value: number | null
  onChange: (at: number) => void
  min?: number
  max?: number
}) {
  const { zone } = useZone()
  const [draft, setDraft] = useState<string | null>(null)
  const change = (text: string) => {
    setDraft(text)
    const at = momentOf(text, zone)
    if (at !== null && at >= (min ?? 0) && at <= (max ?? Number.MAX_SAFE_INTEGER)) onChange(at)
  }
  return (
    <Input
      {...rest}
      type="datetime-local"
      value={draft ?? (value === null ? '' : dateTimeText(value, zone))}
      min={min === undefined ? undefined : dateTimeText(min, zone)}
      max={max === undefined ? undefined : dateTimeText(max, zone)}
      onChange={(event) => change(event.target.value)}
      onBlur={() => setDraft(null)}
    />
  )
}
