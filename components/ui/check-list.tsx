import { cn } from './class-names.ts'

export type CheckOption<Value extends string> = { value: Value; label: string; hint?: string }

/** Choosing any of a few, each with what it means. `error` says what is wrong with the choice as a whole. */
export function CheckList<Value extends string>({
  label,
  options,
  value,
  onChange,
  error,
  className,
}: {
  label: string
  options: readonly CheckOption<Value>[]
  value: readonly Value[]
  onChange: (value: Value[]) => void
  error?: string | null
  className?: string
}) {
  const toggle = (option: Value, on: boolean) =>
    onChange(on ? [...value, option] : value.filter((chosen) => chosen !== option))
  return (
    <fieldset className={cn('flex flex-col gap-1', className)}>
      <legend className="mb-1 font-medium text-xs">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex min-h-7 items-start gap-2 py-1 pointer-coarse:min-h-10">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-action"
            checked={value.includes(option.value)}
            onChange={(event) => toggle(option.value, event.target.checked)}
          />
          <span>
            {option.label}
            {option.hint ? <span className="block text-muted text-xs">{option.hint}</span> : null}
          </span>
        </label>
      ))}
      {error ? (
        <p className="text-breach text-xs" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
