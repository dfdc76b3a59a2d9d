'use client'
import { signalCatalogue, type WorkloadView } from '../../server/telemetry/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { Why } from '../plan/why.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AdviceSection } from './advice/advice-section.tsx'
import { Bounds } from './bounds.tsx'
import { Coverage } from './coverage.tsx'
import { DriftList } from './drift-list.tsx'
import { EventList } from './events/event-list.tsx'
import { ExpertWeights } from './expert-weights.tsx'
import { ForecasterSection } from './forecaster/forecaster-section.tsx'
import { Lineage } from './lineage.tsx'
import { PoolsSection } from './pools/pools-section.tsx'
import { RecentDecisions } from './records.tsx'
import { RegretList } from './regret-list.tsx'
import type { Records } from './use-records.ts'
import type { TabName } from './use-window.ts'

/**
 * What stands behind the charts, one question at a time. `shown`: the newest forecast, or that of the moment that is
 * looked back at, of which everything is told as it was known then. `onLook` looks back at a moment on the chart.
 */
export function WorkloadTabs({
  workload,
  records,
  shown: forecast,
  tab,
  onTab,
  onLook,
}: {
  workload: WorkloadView
  records: Records
  shown: Records['forecast']
  tab: TabName
  onTab: (tab: TabName) => void
  onLook: (at: number) => void
}) {
  const { policy, decisions, events } = records
  const snapshot = forecast?.snapshot
  const none = records.forecastQuery.error ? (
    <ErrorState
      what="The forecast"
      error={{ message: errorMessageOf(records.forecastQuery.error) }}
      onRetry={() => void records.forecastQuery.refetch()}
      className="px-0"
    />
  ) : forecast === undefined ? (
    <SkeletonRows rows={4} />
  ) : records.forecast ? (
    <EmptyState title="No forecast stood then" className="px-0">
      None had been issued by that moment, or it is no longer kept. Step forward, or go back to now.
    </EmptyState>
  ) : (
    <EmptyState title="No forecast yet" className="px-0">
      It comes with the first steps of telemetry; see that a source sends {workload.demandSignal}.
    </EmptyState>
  )
  const ahead = events.data?.filter(({ endsAt }) => Date.parse(endsAt) > Date.now()).length
  return (
    <Tabs
      label="Behind the forecast"
      value={tab}
      onChange={onTab}
      tabs={[
        {
          value: 'why',
          label: 'Why',
          content: snapshot ? (
            <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
              <Why forecast={snapshot} />
              <ExpertWeights snapshot={snapshot} />
            </div>
          ) : (
            none
          ),
        },
        {
          value: 'trust',
          label: 'How well it holds',
          content: snapshot ? (
            <div className="flex flex-col gap-5">
              <Coverage snapshot={snapshot} />
              <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
                <RegretList regret={snapshot.regret} stepSeconds={snapshot.stepSeconds} />
                <DriftList drift={snapshot.drift} onLook={onLook} />
              </div>
            </div>
          ) : (
            none
          ),
        },
        {
          value: 'events',
          label: ahead ? (
            <>
              Planned events <span className="num">{ahead}</span>
            </>
          ) : (
            'Planned events'
          ),
          content: <EventList workload={workload} query={events} />,
        },
        {
          value: 'pools',
          label: 'Pools',
          content: <PoolsSection workload={workload} unit={unitOf(workload)} />,
        },
        { value: 'advice', label: 'Advice', content: <AdviceSection workload={workload} /> },
        {
          value: 'bounds',
          label: 'Bounds and decisions',
          content: (
            <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
              {policy ? <Bounds policy={policy} /> : null}
              {decisions ? <RecentDecisions rows={decisions} /> : null}
            </div>
          ),
        },
        {
          value: 'origin',
          label: 'Where it comes from',
          content: (
            <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
              {forecast ? <Lineage forecastId={forecast.id} snapshot={forecast.snapshot} /> : none}
              <ForecasterSection workload={workload} />
            </div>
          ),
        },
      ]}
    />
  )
}

const unitOf = ({ demandSignal }: WorkloadView): string =>
  signalCatalogue.find(({ name }) => name === demandSignal)?.unit ?? ''
