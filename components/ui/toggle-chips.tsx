import { cn } from './class-names.ts'
import type { Option } from './select.tsx'

/** Any number of a few values that are all visible; none chosen stands for all. */
export function ToggleChips<Value extends string>({
  legend,
  options,
  chosen,
  onChange,
}: {
  legend: string
  options: readonly Option<Value>[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
}) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{legend}</legend>
      {options.map(({ value, label }) => {
        const pressed = chosen.includes(value)
        return (
          <button
            key={value}
            type="button"
            aria-pressed={pressed}
            onClick={() => onChange(pressed ? chosen.filter((each) => each !== value) : [...chosen, value])}
            className={cn(
              'h-7 rounded-md border border-line-strong px-2 text-muted text-xs hover:bg-hover pointer-coarse:h-9',
              'aria-pressed:bg-selected aria-pressed:font-medium aria-pressed:text-ink',
            )}
          >
            {label}
          </button>
        )
      })}
    </fieldset>
  )
}
