'use client'
import { ToggleGroup } from 'radix-ui'
import type { Option } from './select.tsx'

/** Switching between a few values that are all visible: windows of time, views. */
export function Segmented<Value extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: Value
  options: readonly Option<Value>[]
  onChange: (value: Value) => void
  label: string
}) {
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next)
    if (option) onChange(option.value)
  }
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={choose}
      aria-label={label}
      className="inline-flex h-7 items-stretch overflow-hidden rounded-md border border-line-strong pointer-coarse:h-9"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="border-line-strong border-l px-2 text-muted text-xs first:border-l-0 hover:bg-hover data-[state=on]:bg-selected data-[state=on]:font-medium data-[state=on]:text-ink"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
