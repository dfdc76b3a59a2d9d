'use client'
import { Check, ChevronDown } from 'lucide-react'
import { Select as Primitive } from 'radix-ui'
import { cn } from './class-names.ts'

export type Option<Value extends string> = { value: Value; label: string }

type SelectProps<Value extends string> = {
  value: Value
  options: readonly Option<Value>[]
  onChange: (value: Value) => void
  /** Says what is chosen, for assistive technology; use `id` with a label where there is one. */
  label?: string
  id?: string
  disabled?: boolean
  /** What stands there while nothing is chosen. */
  placeholder?: string
  className?: string
}

/** Choosing one of a few. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  label,
  id,
  disabled,
  placeholder,
  className,
}: SelectProps<Value>) {
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next)
    if (option) onChange(option.value)
  }
  return (
    <Primitive.Root value={value} onValueChange={choose} disabled={disabled}>
      <Primitive.Trigger
        id={id}
        aria-label={label}
        className={cn(
          'inline-flex h-8 items-center justify-between gap-2 whitespace-nowrap rounded-md border border-line-strong bg-canvas px-2 text-sm hover:bg-hover disabled:opacity-50 pointer-coarse:h-10',
          className,
        )}
      >
        <Primitive.Value placeholder={placeholder} />
        <Primitive.Icon>
          <ChevronDown aria-hidden className="size-3.5 text-muted" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) overflow-hidden rounded-md border border-line-strong bg-raised text-ink shadow-md"
        >
          <Primitive.Viewport className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-8 cursor-default select-none items-center justify-between gap-4 rounded-sm px-2 text-sm outline-none data-highlighted:bg-hover pointer-coarse:h-10"
              >
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
                <Primitive.ItemIndicator>
                  <Check aria-hidden className="size-3.5" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
