'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Select } from '../ui/select.tsx'
import { EmptyState } from '../ui/states.tsx'
import { PoolDialog } from './pool-dialog.tsx'

const kinds = ['Deployment', 'StatefulSet'] as const

/** Names the real thing that holds a workload; it is read and its scale tried, without a change, before it is kept. */
export function AddTargetDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const connections = useQuery(trpc.target.connections.queryOptions())
  const [connectionId, setConnectionId] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('Deployment')
  const [texts, setTexts] = useState({ namespace: 'default', object: '', name: '' })
  const create = useMutation(trpc.target.create.mutationOptions({ onSuccess: useRefresh('target') }))
  const clusters = connections.data?.filter(({ adapter }) => adapter === 'kubernetes') ?? []
  const chosen = connectionId || clusters[0]?.id || ''
  const name = texts.name.trim() || texts.object.trim()
  const wrong = fieldErrorsOf(create.error)
  const put = (field: keyof typeof texts) => (event: { target: { value: string } }) =>
    setTexts({ ...texts, [field]: event.target.value })
  const send = () => {
    const ref = { namespace: texts.namespace.trim(), kind, name: texts.object.trim() }
    create.mutate({ name, connectionId: chosen, ref })
  }

  if (create.data) return <PoolDialog target={{ id: create.data.id, name }} onClose={onClose} />
  return (
    <FormDialog
      title="Name a target"
      description="It is read, and a change of its scale is rehearsed on the server without being made. Other kinds are found from the connection: Connections, Find targets."
      act="Try and keep"
      acting="Trying the target"
      pending={create.isPending}
      ready={Boolean(chosen && texts.object.trim())}
      failed="Not kept"
      error={create.error && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      {connections.isSuccess && clusters.length === 0 ? (
        <EmptyState title="No cluster is connected" className="px-0">
          Connect one first; then its Deployments and StatefulSets can be named here.
        </EmptyState>
      ) : (
        <>
          <Field label="Cluster">
            {(ids) => (
              <Select
                id={ids.id}
                value={chosen}
                onChange={setConnectionId}
                options={clusters.map((cluster) => ({ value: cluster.id, label: cluster.name }))}
              />
            )}
          </Field>
          <Field label="Kind">
            {(ids) => (
              <Select
                id={ids.id}
                value={kind}
                onChange={setKind}
                options={kinds.map((each) => ({ value: each, label: each }))}
              />
            )}
          </Field>
          <Field label="Namespace" error={wrong['ref.namespace']}>
            {(ids) => <Input {...ids} value={texts.namespace} onChange={put('namespace')} />}
          </Field>
          <Field label={`Name of the ${kind}`} error={wrong['ref.name']}>
            {(ids) => <Input {...ids} autoFocus value={texts.object} onChange={put('object')} />}
          </Field>
          <Field label="Name here" hint="If it should be called otherwise." error={wrong.name}>
            {(ids) => <Input {...ids} placeholder={texts.object} value={texts.name} onChange={put('name')} />}
          </Field>
        </>
      )}
    </FormDialog>
  )
}
