'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '../api/provider.tsx'
import { controlWords } from '../control/words.ts'
import { useEnvironment } from '../frame/environment.ts'
import { useCoarseNow, useZone } from '../ui/clock.tsx'

/** Workloads whose control has gone back to the autoscaler in the shadow, above the proposals. */
export function ShadowNotice() {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const { zone } = useZone()
  const now = useCoarseNow(60)
  const { data } = useQuery(trpc.status.get.queryOptions())
  if (!data?.reactive.length) return null
  return (
    <ul aria-label="Control with the reactive shadow" className="border-b bg-wait-soft">
      {data.reactive.map((state) => (
        <li key={state.poolId} className="px-3 py-2 text-xs">
          <Link
            href={link(`/workloads/${state.workload.name}?tab=pools`)}
            className="font-medium text-wait underline underline-offset-2"
          >
            {state.workload.title}
          </Link>
          : {controlWords(state, now, zone)}
        </li>
      ))}
    </ul>
  )
}
