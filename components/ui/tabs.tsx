'use client'
import { Tabs as Primitive } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'

export type Tab<Value extends string> = { value: Value; label: ReactNode; content: ReactNode }

/** Views of one thing, one at a time. Give `value` and `onChange` to keep the choice in the URL. */
export function Tabs<Value extends string>({
  tabs,
  value,
  onChange,
  label,
}: {
  tabs: readonly Tab<Value>[]
  value: Value
  onChange: (value: Value) => void
  label: string
}) {
  const choose = (next: string) => {
    const tab = tabs.find((candidate) => candidate.value === next)
    if (tab) onChange(tab.value)
  }
  const list = useRef<HTMLDivElement>(null)
  // Where the tabs are wider than the screen, the open one is brought into sight.
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>(`[data-tab="${value}"]`)
    if (list.current && open) list.current.scrollLeft = open.offsetLeft - list.current.offsetLeft - 48
  }, [value])
  return (
    <Primitive.Root value={value} onValueChange={choose} className="flex shrink-0 flex-col">
      <Primitive.List
        ref={list}
        aria-label={label}
        className="flex gap-4 overflow-x-auto overflow-y-hidden border-b"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            data-tab={tab.value}
            className="h-8 whitespace-nowrap px-0.5 focus-visible:-outline-offset-2 border-transparent border-b-2 text-muted text-sm hover:text-ink data-[state=active]:border-ink data-[state=active]:font-medium data-[state=active]:text-ink pointer-coarse:h-10"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="pt-3 outline-none">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  )
}
