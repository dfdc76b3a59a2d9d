'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConnectionView } from '../../server/dispatch/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'

type ConnectDialogProps = {
  onClose: () => void
  /** Goes on to find what is in the cluster. */
  onNext?: (connectionId: string) => void
  /** The connection whose settings are replaced; without it a new one is made. */
  replacing?: Pick<ConnectionView, 'id' | 'name'>
}

const ways = [
  { value: 'kubeconfig', label: 'by a kubeconfig' },
  { value: 'in-cluster', label: 'the one this runs in' },
] as const

/** Keeps the way into a cluster after it has worked once; credentials encrypted. */
export function ConnectDialog({ onClose, onNext, replacing }: ConnectDialogProps) {
  const trpc = useTRPC()
  const [name, setName] = useState(replacing?.name ?? '')
  const [kubeconfig, setKubeconfig] = useState('')
  const [way, setWay] = useState<(typeof ways)[number]['value']>('kubeconfig')
  const inCluster = way === 'in-cluster'
  const options = { onSuccess: useRefresh('target') }
  const connect = useMutation(trpc.target.connect.mutationOptions(options))
  const update = useMutation(trpc.target.updateConnection.mutationOptions(options))
  const { error, isPending, isSuccess } = replacing ? update : connect
  const send = () => {
    const config: Record<string, string> = inCluster ? { access: way } : { kubeconfig }
    if (replacing) update.mutate({ connectionId: replacing.id, config })
    else connect.mutate({ name, adapter: 'kubernetes', config })
  }
  if (isSuccess) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`${name} is connected`}
        description="The cluster answered. Nothing in it was changed."
        footer={
          <>
            <Button onClick={onClose}>Done</Button>
            {onNext && connect.data ? (
              <Button variant="primary" onClick={() => onNext(connect.data.id)}>
                Find targets in it
              </Button>
            ) : null}
          </>
        }
      >
        <p>
          {onNext ? 'Next, choose' : 'Choose'} what holds a workload there: a Deployment, an autoscaler, a
          model server, a job or a node pool. The rights that it needs are then under “Rights” of the
          connection.
        </p>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={replacing ? `New settings for ${replacing.name}` : 'Connect a cluster'}
      description="The settings are tried first, and then kept encrypted. They are never shown again."
      wide
      act="Try and connect"
      acting="Trying the cluster"
      pending={isPending}
      ready={name.trim() !== '' && (inCluster || kubeconfig.trim() !== '')}
      failed="Not connected"
      error={error && errorMessageOf(error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" hint="For people: the cluster as you call it.">
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={100}
            disabled={replacing !== undefined}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-col items-start gap-1">
        <p className="font-medium text-xs">Cluster</p>
        <Segmented label="Cluster" value={way} options={ways} onChange={setWay} />
        {inCluster ? (
          <p className="text-muted text-xs">
            As the service account of its own pods, whose token is read anew for every request. The pods need
            automountServiceAccountToken: true.
          </p>
        ) : null}
      </div>
      {inCluster ? null : <KubeconfigFields kubeconfig={kubeconfig} onChange={setKubeconfig} />}
    </FormDialog>
  )
}

/** A kubeconfig, pasted or read from a file. */
function KubeconfigFields({
  kubeconfig,
  onChange,
}: {
  kubeconfig: string
  onChange: (kubeconfig: string) => void
}) {
  const read = async (file: File | undefined) => {
    if (file) onChange(await file.text())
  }
  return (
    <>
      <Field
        label="Kubeconfig"
        hint="Its current context is used. Credentials must be in it; commands that fetch them are not run."
      >
        {(ids) => (
          <Textarea
            {...ids}
            rows={10}
            spellCheck={false}
            className="num whitespace-pre text-xs"
            placeholder={'apiVersion: v1\nkind: Config\n…'}
            value={kubeconfig}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <label className="flex flex-wrap items-center gap-2 text-muted text-xs">
        or read it from a file
        <input
          type="file"
          accept=".yaml,.yml,.conf,.config,text/*"
          className="file:mr-2 file:h-7 file:rounded-md file:border file:border-line-strong file:bg-canvas file:px-2 file:text-ink"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </label>
    </>
  )
}
