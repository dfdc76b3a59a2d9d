'use client'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { useTRPC } from '../api/provider.tsx'
import { useZone } from '../ui/clock.tsx'
import { useEnvironment } from './environment.ts'
import { navigation } from './navigation.ts'
import { useSession } from './session.tsx'

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** Everything by name: pages, workloads, waiting proposals, and how the screen looks. ⌘K or Ctrl K from anywhere. */
export function CommandPalette({ open, onOpenChange }: PaletteProps) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      onOpenChange(!open)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [open, onOpenChange])

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised text-ink shadow-xl outline-none"
        >
          <Dialog.Title className="sr-only">Go to or do</Dialog.Title>
          <Commands close={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Commands({ close }: { close: () => void }) {
  const [search, setSearch] = useState('')
  const router = useRouter()
  const trpc = useTRPC()
  const session = useSession()
  const { link } = useEnvironment()
  const { setTheme } = useTheme()
  const { zone, setZone } = useZone()
  const workloads = useQuery(trpc.workload.list.queryOptions())
  const proposals = useQuery(trpc.proposal.list.queryOptions({ state: ['waiting'], limit: 100 }))
  const go = (href: string) => () => {
    close()
    router.push(link(href))
  }
  const act = (action: () => void) => () => {
    close()
    action()
  }
  return (
    <Command label="Go to or do" loop>
      <Command.Input
        value={search}
        onValueChange={setSearch}
        placeholder="Page, workload, proposal or action"
        className="h-11 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1">
        <Command.Empty className="px-3 py-6 text-muted">Nothing is called that.</Command.Empty>
        <Group heading="Pages">
          {navigation
            .filter((entry) => session?.may[entry.needs])
            .map((entry) => (
              <Row key={entry.href} value={`page ${entry.label}`} onSelect={go(entry.href)}>
                <entry.icon aria-hidden className="size-4 text-muted" />
                {entry.label}
              </Row>
            ))}
        </Group>
        <Group heading="Workloads">
          {workloads.data?.map((workload) => (
            <Row
              key={workload.id}
              value={`workload ${workload.name} ${workload.title}`}
              onSelect={go(`/workloads/${workload.name}`)}
            >
              <span>{workload.title}</span>
              <span className="text-muted">{workload.environment}</span>
            </Row>
          ))}
        </Group>
        <Group heading="Waiting proposals">
          {proposals.data?.rows.map((row) => (
            <Row
              key={row.id}
              value={`proposal ${row.number} ${row.workload.name} ${row.summary}`}
              onSelect={go(`/inbox?proposal=${row.id}`)}
            >
              <span className="num text-muted">#{row.number}</span>
              <span className="truncate">{row.summary}</span>
            </Row>
          ))}
        </Group>
        <Group heading="Actions">
          <Row value="theme light" onSelect={act(() => setTheme('light'))}>
            Light theme
          </Row>
          <Row value="theme dark" onSelect={act(() => setTheme('dark'))}>
            Dark theme
          </Row>
          <Row value="time zone utc local" onSelect={act(() => setZone(zone === 'utc' ? 'local' : 'utc'))}>
            {zone === 'utc' ? 'Show times in my time zone' : 'Show times in UTC'}
          </Row>
        </Group>
      </Command.List>
    </Command>
  )
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  )
}

function Row({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 cursor-default items-center gap-2 rounded-sm px-3 data-[selected=true]:bg-selected pointer-coarse:h-10"
    >
      {children}
    </Command.Item>
  )
}
