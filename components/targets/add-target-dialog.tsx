'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { controlsOf, type KubernetesKind } from '../../server/dispatch/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { SearchSelect } from '../ui/search-select.tsx'
import { Select } from '../ui/select.tsx'
import { EmptyState } from '../ui/states.tsx'
import { everyKind, fieldsOf, kindWords, refOf } from './kind-fields.ts'
import { PoolDialog } from './pool-dialog.tsx'

/** Names the real thing that holds a workload; it is read and a write is rehearsed, without a change, before it is kept. */
export function AddTargetDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const connections = useQuery(trpc.target.connections.queryOptions())
  const [connectionId, setConnectionId] = useState('')
  const [kind, setKind] = useState<KubernetesKind>('Deployment')
  const [texts, setTexts] = useState<Record<string, string>>({ namespace: 'default' })
  const [nameHere, setNameHere] = useState('')
  const [tried, setTried] = useState(false)
  const create = useMutation(trpc.target.create.mutationOptions({ onSuccess: useRefresh('target') }))
  const clusters = connections.data?.filter(({ adapter }) => adapter === 'kubernetes') ?? []
  const chosen = connectionId || clusters[0]?.id || ''
  const { ref, wrong } = refOf(kind, texts)
  const name = nameHere.trim() || (ref.name ?? '')
  const put = (part: string) => (text: string) => setTexts({ ...texts, [part]: text })
  const send = () => {
    setTried(true)
    if (Object.keys(wrong).length === 0) create.mutate({ name, connectionId: chosen, ref })
  }

  if (create.data) {
    const controls = controlsOf('kubernetes', ref)
    return <PoolDialog target={{ id: create.data.id, name, controls }} onClose={onClose} />
  }
  return (
    <FormDialog
      title="Name a target"
      description="It is read, and a write is rehearsed on the server without being made. Connections, Find targets lists what a cluster has."
      act="Try and keep"
      acting="Trying the target"
      pending={create.isPending}
      ready={Boolean(chosen && ref.name)}
      failed="Not kept"
      error={create.error && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      {connections.isSuccess && clusters.length === 0 ? (
        <EmptyState title="No cluster is connected" className="px-0">
          Connect one first; then what it has can be named here.
        </EmptyState>
      ) : (
        <>
          <Field label="Cluster">
            {({ id }) => (
              <Select
                id={id}
                value={chosen}
                onChange={setConnectionId}
                options={clusters.map((cluster) => ({ value: cluster.id, label: cluster.name }))}
              />
            )}
          </Field>
          <Field label="Kind" hint={`What is set: ${kindWords[kind]}.`}>
            {({ id }) => (
              <SearchSelect
                id={id}
                label="Kinds of target"
                value={kind}
                onChange={setKind}
                options={everyKind.map((each) => ({ value: each, label: each, about: kindWords[each] }))}
              />
            )}
          </Field>
          {fieldsOf(kind).map(({ part, label, hint, example, choices }) => (
            <Field key={part} label={label} hint={hint} error={tried ? wrong[part] : null}>
              {(ids) =>
                choices ? (
                  <Select
                    id={ids.id}
                    value={ref[part] ?? ''}
                    onChange={put(part)}
                    options={choices.map((value) => ({ value, label: value }))}
                  />
                ) : (
                  <Input
                    {...ids}
                    placeholder={example}
                    value={texts[part] ?? ''}
                    onChange={(event) => put(part)(event.target.value)}
                  />
                )
              }
            </Field>
          ))}
          <Field
            label="Name here"
            hint="If it should be called otherwise."
            error={fieldErrorsOf(create.error).name}
          >
            {(ids) => (
              <Input
                {...ids}
                placeholder={texts.name}
                value={nameHere}
                onChange={(event) => setNameHere(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  )
}
