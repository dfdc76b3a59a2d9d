'use client'
import { useQuery } from '@tanstack/react-query'
import { inScope, type RuleScope } from '../../../server/plan/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { formatCount } from '../../ui/format.ts'

/** How many workloads a scope is about; that it is none is said aloud, for then the rule asks nothing of anybody. */
export function Concerns({ scope }: { scope: RuleScope }) {
  const workloads = useQuery(useTRPC().workload.list.queryOptions()).data
  if (!workloads) return null
  const count = workloads.filter((workload) => inScope(scope, workload)).length
  return (
    <span className={count === 0 ? 'block text-wait text-xs' : 'block text-muted text-xs'}>
      {formatCount(count, 'workload')}
      {count === 0 ? ': it concerns none as there are now' : ''}
    </span>
  )
}

type ScopeKey = keyof RuleScope

/** What the workloads have of each part of a scope, to be suggested where one is typed. */
export function useScopeValues(): Record<ScopeKey, string[]> {
  const workloads = useQuery(useTRPC().workload.list.queryOptions()).data ?? []
  const of = (key: 'name' | 'team' | 'environment' | 'dataClassification') =>
    [...new Set(workloads.map((workload) => workload[key]))].sort()
  return {
    workload: of('name'),
    team: of('team'),
    environment: of('environment'),
    dataClassification: of('dataClassification'),
  }
}
