import { Field, Input } from '../ui/field.tsx'

/** A code of the second factor. */
export function CodeField({
  value,
  onChange,
  error,
}: {
  value: string
  onChange: (code: string) => void
  error?: string | null
}) {
  return (
    <Field
      label="Code"
      hint="Six digits, as the app shows them now, or one of the recovery codes."
      error={error}
    >
      {(ids) => (
        <Input
          {...ids}
          autoFocus
          className="num"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          maxLength={40}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
