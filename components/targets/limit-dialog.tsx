'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type ConnectionView, connectionLimitInput } from '../../server/dispatch/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

/** How fast all workers together may ask a cluster when they carry decisions out. */
export function LimitDialog({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('target')
  const limit = useMutation(trpc.target.limit.mutationOptions())
  const [rate, setRate] = useState(String(connection.gate.requestsPerSecond))
  const [burst, setBurst] = useState(String(connection.gate.burst))
  const parsed = connectionLimitInput.safeParse({
    connectionId: connection.id,
    requestsPerSecond: Number(rate),
    burst: Number(burst),
  })
  const wrong = (field: string) => parsed.error?.issues.find(({ path }) => path[0] === field)?.message ?? null
  const send = async () => {
    if (!parsed.success) return
    await limit.mutateAsync(parsed.data)
    await refresh()
    onClose()
  }
  return (
    <FormDialog
      title={`How fast ${connection.name} is asked`}
      description="Shared by all workers. A dispatch takes about six requests; what is too much waits its turn."
      act="Keep"
      acting="Keeping"
      pending={limit.isPending}
      ready={parsed.success}
      failed="Not kept"
      error={limit.error ? errorMessageOf(limit.error) : null}
      onSend={() => void send().catch(() => undefined)}
      onClose={onClose}
    >
      <Field label="Requests per second" error={wrong('requestsPerSecond')}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="decimal"
            value={rate}
            onChange={(event) => setRate(event.target.value)}
          />
        )}
      </Field>
      <Field label="Requests at once after a quiet while" error={wrong('burst')}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            value={burst}
            onChange={(event) => setBurst(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
