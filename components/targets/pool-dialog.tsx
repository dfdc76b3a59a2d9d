'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { formatMoney } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'
import { Notice } from '../ui/states.tsx'

/** Gives a target its meaning: whose capacity it holds, where it stands, and what one replica serves. */
export function PoolDialog({
  target,
  onClose,
}: {
  target: { id: string; name: string }
  onClose: () => void
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('target')
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const targets = useQuery(trpc.target.list.queryOptions()).data ?? []
  const domains = useQuery(trpc.domain.list.queryOptions()).data ?? []
  const taken = new Set(targets.flatMap(({ pool }) => pool?.workload.id ?? []))
  const free = workloads.filter(({ id }) => !taken.has(id))
  const offerings = domains.flatMap((domain) => domain.offerings.map((offering) => ({ domain, offering })))
  const [workloadId, setWorkloadId] = useState('')
  const [offeringId, setOfferingId] = useState('')
  const [capacity, setCapacity] = useState('')
  const workload = free.find(({ id }) => id === workloadId) ?? free[0]
  const chosenOffering = offeringId || offerings[0]?.offering.id || ''
  const create = useMutation(
    trpc.target.createPool.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`${target.name} holds ${workload?.title}`)
        onClose()
      },
    }),
  )
  const capacityPerReplica = Number(capacity)
  const send = () =>
    workload &&
    create.mutate({
      workloadId: workload.id,
      offeringId: chosenOffering,
      targetId: target.id,
      capacityPerReplica,
    })
  return (
    <FormDialog
      title={`What ${target.name} holds`}
      description="Only a target with a workload and a place is planned for."
      back="Later"
      act="Keep"
      acting="Keeping"
      pending={create.isPending}
      ready={Boolean(workload && chosenOffering && capacityPerReplica > 0)}
      failed="Not kept"
      error={create.error && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      {free.length === 0 ? (
        <Notice title="Every workload has its pool">Declare another workload, then come back.</Notice>
      ) : null}
      {offerings.length === 0 ? (
        <Notice title="No place is known">Add the place where the cluster stands, with its price.</Notice>
      ) : null}
      <Field label="Workload">
        {(ids) => (
          <Select
            id={ids.id}
            value={workload?.id ?? ''}
            onChange={setWorkloadId}
            options={free.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )}
      </Field>
      <Field label="Place and hardware">
        {(ids) => (
          <Select
            id={ids.id}
            value={chosenOffering}
            onChange={setOfferingId}
            options={offerings.map(({ domain, offering }) => ({
              value: offering.id,
              label: `${domain.title}: ${offering.hardwareClass}, ${formatMoney(offering.pricePerReplicaHourUsd, { per: 'h' })}`,
            }))}
          />
        )}
      </Field>
      <Field
        label="One replica serves"
        hint={`Of ${workload?.demandSignal ?? 'the demand signal'}, within the objective of the workload.`}
      >
        {(ids) => (
          <Input
            {...ids}
            type="number"
            min={0}
            step="any"
            value={capacity}
            onChange={(event) => setCapacity(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
