'use client'
import { useQuery } from '@tanstack/react-query'
import type { TargetView } from '../../../server/dispatch/contract.ts'
import { serves, unitOf } from '../../../server/plan/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { ControlSection } from '../../control/control-section.tsx'
import { Badge } from '../../ui/badge.tsx'
import { RelativeTime } from '../../ui/clock.tsx'
import { Section } from '../../ui/facts.tsx'
import { formatMoney, formatNumber, formatQuantity, NONE } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { ScrollAcross } from '../../ui/scroll-across.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useAdvice } from '../use-advice.ts'
import { LearnedTimes, ModelFacts, NoModel } from './model-facts.tsx'

type Pool = NonNullable<TargetView['pool']> & { target: string }

/** Where the workload runs, how one replica serves and how well that fits, and how long capacity and people take. */
export function PoolsSection({ workload, unit }: { workload: WorkloadView; unit: string }) {
  const trpc = useTRPC()
  const targets = useQuery(trpc.target.list.queryOptions())
  const advice = useAdvice(workload.id)
  return (
    <Loaded what="The pools" query={targets} rows={2}>
      {(all) => {
        const pools = all
          .flatMap(({ name, pool }) => (pool?.workload.id === workload.id ? [{ ...pool, target: name }] : []))
          .sort((a, b) => a.priority - b.priority)
        const serving = pools.filter(serves).length
        return (
          <div className="flex flex-col gap-5">
            <Section title="Pools">
              {pools.length === 0 ? (
                <EmptyState title="No pool yet" className="px-0">
                  An admin adds a target and says which workload it serves, on the page Targets.
                </EmptyState>
              ) : (
                <PoolTable pools={pools} unit={unit} />
              )}
            </Section>
            <Loaded what="The model of capacity" query={advice} rows={4}>
              {(view) => (
                <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
                  {view.model ? (
                    <ModelFacts model={view.model} unit={unit} />
                  ) : (
                    <NoModel workload={workload} pools={serving} />
                  )}
                  <div className="flex flex-col gap-5">
                    <LearnedTimes lead={view.lead} approval={view.approval} />
                    <ControlSection workload={workload} pools={serving} />
                  </div>
                </div>
              )}
            </Loaded>
          </div>
        )
      }}
    </Loaded>
  )
}

const heads = ['pool', 'place', 'what', 'market', 'ready', 'asked for', 'carries', 'price', 'cost', 'seen']

function PoolTable({ pools, unit }: { pools: readonly Pool[]; unit: string }) {
  return (
    <ScrollAcross label="Pools of the workload">
      <table className="w-full text-sm">
        <thead>
          <tr>
            {heads.map((head, i) => (
              <th
                key={head}
                scope="col"
                className={`eyebrow h-7 whitespace-nowrap px-2 first:pl-0 ${i > 3 ? 'text-right' : 'text-left'}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <tr key={pool.id} className="h-8 border-t [&>*]:whitespace-nowrap [&>*]:px-2">
              <th scope="row" className="text-left font-medium first:pl-0">
                {pool.target} {pool.leading ? <Badge>leads</Badge> : null}
              </th>
              <td>
                {pool.domain.title}, {pool.domain.region}
              </td>
              <td>
                {pool.offering.hardwareClass}, {unitOf[pool.control]}
              </td>
              <td>{pool.offering.market.replace('_', '-')}</td>
              <td className="num text-right">{formatNumber(pool.readyReplicas)}</td>
              <td className="num text-right">{formatNumber(pool.desiredReplicas)}</td>
              <td className="num text-right">
                {pool.control === 'run' || pool.control === 'size'
                  ? NONE
                  : formatQuantity(pool.capacityPerReplica, unit)}
              </td>
              <td className="num text-right">
                {formatMoney(pool.offering.pricePerReplicaHourUsd, { per: 'h' })}
              </td>
              <td className="num text-right">{formatMoney(pool.costPerHourUsd, { per: 'h' })}</td>
              <td className="text-right text-muted">
                {pool.observedAt ? <RelativeTime at={pool.observedAt} /> : 'not yet'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}
