'use client'
import Link from 'next/link'
import { useState } from 'react'
import { controlsOf, type TargetView } from '../../server/dispatch/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatMoney, formatNumber } from '../ui/format.ts'
import { EmptyState, Notice } from '../ui/states.tsx'
import { levelNote } from './control-words.ts'
import { OwnershipSection } from './ownership-section.tsx'
import { PoolDialog } from './pool-dialog.tsx'
import { RemoveTargetDialog } from './remove-dialog.tsx'
import { TargetState } from './targets-table.tsx'

/** One target: where it is, what was seen there, what it stands for. */
export function TargetSheet({ target, onClose }: { target: TargetView; onClose: () => void }) {
  const { link } = useEnvironment()
  const { connection, pool } = target
  const mayManage = useMay('target.manage')
  const [open, setOpen] = useState<'pool' | 'remove' | null>(null)
  const close = () => setOpen(null)
  if (open === 'pool' && pool === null)
    return (
      <PoolDialog target={{ ...target, controls: controlsOf(target.adapter, target.ref) }} onClose={close} />
    )
  if (open === 'remove') return <RemoveTargetDialog target={target} onClose={onClose} />
  return (
    <Sheet
      onClose={onClose}
      title={target.name}
      description={`${target.adapter}, by the connection ${connection.name}`}
    >
      <div className="flex flex-col gap-6">
        {connection.lastError ? (
          <Notice tone="breach" title="It cannot be read">
            {connection.lastError}
          </Notice>
        ) : null}
        <OwnershipSection target={target} />
        <Section title="Where it is" aside={<TargetState target={target} />}>
          <Facts facts={Object.entries(target.ref).map(([term, value]) => ({ term, value }))} />
        </Section>
        {pool ? (
          <>
            <Section title="What was seen">
              <Facts
                facts={[
                  {
                    term: 'asked for',
                    value: formatNumber(pool.desiredReplicas),
                    note: levelNote(target, pool.control, pool.desiredReplicas),
                  },
                  {
                    term: 'ready',
                    value: formatNumber(pool.readyReplicas),
                    note: levelNote(target, pool.control, pool.readyReplicas),
                  },
                  {
                    term: 'version',
                    value: pool.observedVersion ?? 'none yet',
                    note: 'an approval is bound to it',
                  },
                  {
                    term: 'last read',
                    value: pool.observedAt ? <RelativeTime at={pool.observedAt} /> : 'never',
                  },
                ]}
              />
            </Section>
            <Section title="What it stands for">
              <Facts
                facts={[
                  {
                    term: 'workload',
                    value: (
                      <Link className="underline" href={link(`/workloads/${pool.workload.id}`)}>
                        {pool.workload.title}
                      </Link>
                    ),
                  },
                  { term: 'place', value: `${pool.domain.title}, ${pool.domain.region}` },
                  {
                    term: 'hardware',
                    value: pool.offering.hardwareClass,
                    note: pool.offering.market.replace('_', '-'),
                  },
                  {
                    term: 'price',
                    value: formatMoney(pool.offering.pricePerReplicaHourUsd, { per: 'h' }),
                    note: 'per replica',
                  },
                  {
                    term: 'one replica serves',
                    value: formatNumber(pool.capacityPerReplica),
                    note: 'units of the demand signal, within the objective',
                  },
                ]}
              />
            </Section>
          </>
        ) : (
          <EmptyState
            title="No pool yet"
            className="px-0"
            action={
              mayManage ? (
                <span className="flex flex-wrap gap-2">
                  <Button variant="primary" onClick={() => setOpen('pool')}>
                    Give it a pool
                  </Button>
                  <Button onClick={() => setOpen('remove')}>Remove</Button>
                </span>
              ) : null
            }
          >
            Nothing is planned for it until it is given a workload and a place.
          </EmptyState>
        )}
        <Section title="Connection">
          <Facts
            facts={[
              { term: 'name', value: connection.name },
              {
                term: 'last tried',
                value: connection.lastCheckedAt ? <Moment at={connection.lastCheckedAt} /> : 'never',
              },
            ]}
          />
        </Section>
      </div>
    </Sheet>
  )
}
