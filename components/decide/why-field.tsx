import type { ComponentProps } from 'react'
import { Field, Textarea } from '../ui/field.tsx'
import { CommandKey } from '../ui/kbd.tsx'

/** Shorter, it says nothing to whoever reads the log. */
const leastReason = 3

export const lacksReason = (reason: string): boolean => reason.trim().length < leastReason

type WhyFieldProps = Omit<ComponentProps<typeof Textarea>, 'value' | 'onChange'> & {
  reason: string
  /** Whether it was tried to send. */
  asked: boolean
  onReason: (reason: string) => void
}

/** Why something is decided, for the log. `Enter` is the form's. */
export function WhyField({ reason, asked, onReason, ...rest }: WhyFieldProps) {
  return (
    <Field
      label="Why"
      hint={
        <>
          Kept in the log and shown with the decision. <CommandKey name="Enter" /> sends.
        </>
      }
      error={asked && lacksReason(reason) ? 'Say why in at least three characters.' : null}
    >
      {(ids) => (
        <Textarea
          {...ids}
          {...rest}
          value={reason}
          maxLength={2_000}
          onChange={({ target }) => onReason(target.value)}
        />
      )}
    </Field>
  )
}
