'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { Action } from '../../server/plan/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { othersTouched } from './words.ts'

/** The title of a workload that an action names by its id, leading to its page. */
export function WorkloadLink({ id }: { id: string }) {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const workload = useQuery(trpc.workload.list.queryOptions()).data?.find((each) => each.id === id)
  if (!workload) return 'another workload'
  return (
    <Link href={link(`/workloads/${workload.name}`)} className="underline underline-offset-2">
      {workload.title}
    </Link>
  )
}

/** "touches also Batch embeddings": other workloads than its own whose pools the actions set; nothing where there are none. */
export function TouchedAlso({ actions, own }: { actions: readonly Action[]; own: string }) {
  const ids = othersTouched(actions, own)
  if (ids.length === 0) return null
  return (
    <span>
      touches also{' '}
      {ids.map((id, i) => (
        <span key={id}>
          {i > 0 ? ', ' : ''}
          <WorkloadLink id={id} />
        </span>
      ))}
    </span>
  )
}
