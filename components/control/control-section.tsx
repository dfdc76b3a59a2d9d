'use client'
import { useQuery } from '@tanstack/react-query'
import type { ControllerStateView, PolicyInForce } from '../../server/plan/contract.ts'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { Badge } from '../ui/badge.tsx'
import { Moment, useCoarseNow, useZone } from '../ui/clock.tsx'
import { Facts, Section, Words } from '../ui/facts.tsx'
import { formatMoney, formatNumber } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Notice } from '../ui/states.tsx'
import { formatDayClock } from '../ui/time.ts'
import { autoscalerWords, controlWords, levelRule } from './words.ts'

function useControl(workload: WorkloadView) {
  const trpc = useTRPC()
  return useQuery(trpc.workload.control.queryOptions({ workloadId: workload.id }))
}

/**
 * Whether the plan or the autoscaler in its shadow is in control, what both cost, and when that changes. `pools`: how many serve
 * the workload's demand.
 */
export function ControlSection({ workload, pools }: { workload: WorkloadView; pools: number }) {
  const trpc = useTRPC()
  const query = useControl(workload)
  const policy = useQuery(trpc.policy.get.queryOptions({ workloadId: workload.id })).data ?? null
  const now = useCoarseNow(60)
  const { zone } = useZone()
  return (
    <Section title="Who is in control">
      <Loaded what="The controller" query={query} rows={3}>
        {([state]) =>
          state === undefined ? (
            <p className="text-muted">
              {pools > 1
                ? `The plan. ${pools} pools share the demand and are planned together, so that no autoscaler of one of them could be run in the shadow.`
                : 'Nothing to compare yet: an autoscaler runs in the shadow of the plan from the first measured steps of the pool on.'}
            </p>
          ) : (
            <>
              <p className="mb-1">{controlWords(state, now, zone)}</p>
              <ControlFacts state={state} policy={policy} />
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function ControlFacts({ state, policy }: { state: ControllerStateView; policy: PolicyInForce | null }) {
  const limit = 1 + state.tolerance
  const rule = levelRule(state, policy)
  return (
    <Facts
      facts={[
        {
          term: 'in control',
          value: (
            <Badge tone={state.control === 'reactive' ? 'wait' : 'neutral'}>
              {state.control === 'reactive' ? 'reactive shadow' : 'the plan'}
            </Badge>
          ),
          note: state.since === null ? 'since the first step' : undefined,
        },
        ...(state.since === null
          ? []
          : [{ term: 'since', value: <Moment at={state.since} format={formatDayClock} /> }]),
        { term: 'rises go to', value: <Words>{rule.name}</Words>, note: rule.why },
        {
          term: 'plan, of late',
          value: formatMoney(state.planCostPerHourUsd, { per: 'h' }),
          note: `${formatMoney(state.planCostUsd)} in all, the older the less; being short included`,
        },
        {
          term: 'reactive shadow, of late',
          value: formatMoney(state.reactiveCostPerHourUsd, { per: 'h' }),
          note: `${formatMoney(state.reactiveCostUsd)} in all`,
        },
        {
          term: 'λ',
          value: formatNumber(state.tolerance, 2),
          note: `control goes back past ${formatNumber(limit, 2)}× the shadow’s cost and a start budget`,
        },
        { term: 'the shadow is', value: <Words>{autoscalerWords(state.reactive)}</Words> },
        { term: 'as of', value: <Moment at={state.at} format={formatDayClock} /> },
      ]}
    />
  )
}

/** Said at the top of the workload's page while the shadow has control, and not otherwise. */
export function ControlNotice({ workload }: { workload: WorkloadView }) {
  const { data } = useControl(workload)
  const now = useCoarseNow(60)
  const { zone } = useZone()
  const state = data?.find(({ control }) => control === 'reactive')
  if (state === undefined) return null
  return (
    <Notice tone="wait" title="The reactive shadow is in control">
      {controlWords(state, now, zone)}
    </Notice>
  )
}
