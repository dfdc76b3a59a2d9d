import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './class-names.ts'

const box =
  'w-full rounded-md border border-line-strong bg-canvas px-2 text-sm text-ink placeholder:text-faint disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-breach'

/** One line of text. Numbers get the class `num` through `type="number"`. */
export function Input({ className, type, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type={type}
      className={cn(
        box,
        'h-8 pointer-coarse:h-10 pointer-coarse:text-lg',
        type === 'number' && 'num',
        className,
      )}
      {...rest}
    />
  )
}

/** Several lines of text. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cn(box, 'min-h-16 py-1.5 pointer-coarse:text-lg', className)} {...rest} />
}

type FieldProps = {
  label: string
  /** What is expected, before anything went wrong. */
  hint?: ReactNode
  /** What is wrong and what would be right. */
  error?: string | null
  className?: string
  /** Gets the ids that tie the control to its label, hint and error. */
  children: (ids: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': boolean
  }) => ReactNode
}

/** A labelled control with its hint and its error. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className={cn('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium text-xs">
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': Boolean(error) })}
      {error ? (
        <p id={`${id}-error`} className="text-breach text-xs" role="alert">
          {error}
        </p>
      ) : hint ? (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  )
}

/** One thing that is so or is not. */
export function CheckBox({
  label,
  checked,
  onChange,
}: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  return (
    <label className="flex min-h-7 items-center gap-2 pointer-coarse:min-h-10">
      <input
        type="checkbox"
        className="size-4 accent-action"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      {label}
    </label>
  )
}
