'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type Control, serves } from '../../server/plan/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { formatMoney } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'
import { Notice } from '../ui/states.tsx'
import { controlWords } from './control-words.ts'

/** Gives a target its meaning: whose capacity it holds, where it stands, and what one replica serves. */
export function PoolDialog({
  target,
  onClose,
}: {
  target: { id: string; name: string; controls: readonly [Control, ...Control[]] }
  onClose: () => void
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('target')
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const domains = useQuery(trpc.domain.list.queryOptions()).data ?? []
  const offerings = domains.flatMap((domain) => domain.offerings.map((offering) => ({ domain, offering })))
  const [workloadId, setWorkloadId] = useState('')
  const [offeringId, setOfferingId] = useState('')
  const [capacity, setCapacity] = useState('')
  const [control, setControl] = useState<Control>(target.controls[0])
  // Nothing is chosen for them: what is kept lets a real thing be written.
  const workload = workloads.find(({ id }) => id === workloadId)
  const create = useMutation(
    trpc.target.createPool.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`${target.name} holds ${workload?.title}`)
        onClose()
      },
    }),
  )
  const serving = serves({ control })
  const capacityPerReplica = serving ? Number(capacity) : 1
  const send = () =>
    workload &&
    create.mutate({
      workloadId: workload.id,
      offeringId,
      targetId: target.id,
      control,
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
      ready={Boolean(workload && offeringId && capacityPerReplica > 0)}
      failed="Not kept"
      error={create.error && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      {workloads.length === 0 ? (
        <Notice title="There is no workload">Declare one, then come back.</Notice>
      ) : null}
      {offerings.length === 0 ? (
        <Notice title="No place is known">Add the place where the cluster stands, with its price.</Notice>
      ) : null}
      <Field label="Workload">
        {(ids) => (
          <Select
            id={ids.id}
            placeholder="Choose a workload"
            value={workloadId}
            onChange={setWorkloadId}
            options={workloads.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )}
      </Field>
      <Field label="Place and hardware">
        {(ids) => (
          <Select
            id={ids.id}
            placeholder="Choose a place"
            value={offeringId}
            onChange={setOfferingId}
            options={offerings.map(({ domain, offering }) => ({
              value: offering.id,
              label: `${domain.title}: ${offering.hardwareClass}, ${formatMoney(offering.pricePerReplicaHourUsd, { per: 'h' })}`,
            }))}
          />
        )}
      </Field>
      <Field label="Its number stands for">
        {(ids) => (
          <Select
            id={ids.id}
            value={control}
            onChange={setControl}
            options={target.controls.map((one) => ({ value: one, label: controlWords[one] }))}
          />
        )}
      </Field>
      {serving ? (
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
      ) : null}
    </FormDialog>
  )
}
