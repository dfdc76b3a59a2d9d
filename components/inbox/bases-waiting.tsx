'use client'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'

/** A new base of the forecasts waits as well: a line that leads to where it is decided. Nothing while none does. */
export function BasesWaiting() {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const rows = useQuery(trpc.baseModel.list.queryOptions()).data?.rows
  const waiting = rows?.filter(({ state, passed }) => state === 'waiting' && passed) ?? []
  return waiting.map(({ id, version, parent }) => (
    <Link
      key={id}
      href={link(`/models?base=${version}`)}
      className="flex shrink-0 items-center gap-2 border-b bg-wait-soft px-3 py-2 hover:bg-hover"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          Base model <span className="num">{version}</span> waits for a decision
        </span>
        <span className="block truncate text-muted text-xs">
          refitted from <span className="num">{parent}</span>, passed its forgetting test
        </span>
      </span>
      <ChevronRight aria-hidden className="size-4 text-muted" />
    </Link>
  ))
}
