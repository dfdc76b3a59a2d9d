'use client'
import { Command } from 'cmdk'
import { Check, ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Option } from './select.tsx'

type SearchSelectProps<Value extends string> = {
  id: string
  value: Value
  /** `about`: a few more words, which are searched too. */
  options: readonly (Option<Value> & { about?: string })[]
  onChange: (value: Value) => void
  /** What the search says it is for. */
  label: string
}

/** Choosing one of many: arrows and Enter as in a list, and letters find it. */
export function SearchSelect<Value extends string>({
  id,
  value,
  options,
  onChange,
  label,
}: SearchSelectProps<Value>) {
  const [open, setOpen] = useState(false)
  const chosen = options.find((each) => each.value === value)
  return (
    <Popover.Root open={open} onOpenChange={setOpen} modal>
      <Popover.Trigger
        id={id}
        className="inline-flex h-8 items-center justify-between gap-2 whitespace-nowrap rounded-md border border-line-strong bg-canvas px-2 text-sm hover:bg-hover pointer-coarse:h-10"
        onKeyDown={(key) => {
          if (key.key !== 'ArrowDown') return
          key.preventDefault()
          setOpen(true)
        }}
      >
        <span className="truncate">{chosen?.label ?? value}</span>
        <ChevronDown aria-hidden className="size-3.5 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 w-(--radix-popover-trigger-width) min-w-72 max-w-[calc(100vw-16px)] rounded-md border border-line-strong bg-raised text-ink shadow-md"
        >
          <Command label={label} loop defaultValue={chosen?.label}>
            <Command.Input
              placeholder="Search"
              className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none placeholder:text-faint pointer-coarse:h-10 pointer-coarse:text-lg"
            />
            <Command.List label={label} className="max-h-64 overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-muted text-sm">Nothing by that name.</Command.Empty>
              {options.map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.label}
                  keywords={option.about === undefined ? [] : [option.about]}
                  onSelect={() => {
                    onChange(option.value)
                    setOpen(false)
                  }}
                  className="flex cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm data-[selected=true]:bg-selected pointer-coarse:min-h-10"
                >
                  <span className="min-w-0 flex-1">
                    {option.label}
                    {option.about ? <span className="block text-muted text-xs">{option.about}</span> : null}
                  </span>
                  {option.value === value ? <Check aria-hidden className="size-3.5 shrink-0" /> : null}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
