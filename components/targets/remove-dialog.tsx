'use client'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { FormDialog } from '../ui/form-dialog.tsx'

type Removed = { id: string; name: string }

/** Forgets a connection, with its credentials. */
export function RemoveConnectionDialog({
  connection,
  onClose,
}: {
  connection: Removed
  onClose: () => void
}) {
  const remove = useMutation(useTRPC().target.removeConnection.mutationOptions())
  return (
    <RemoveDialog
      removed={connection}
      act="Remove the connection"
      pending={remove.isPending}
      onSend={() => remove.mutateAsync({ connectionId: connection.id })}
      error={remove.error}
      onClose={onClose}
    >
      Its settings and credentials are deleted here. What was granted on the other side is revoked there.
    </RemoveDialog>
  )
}

/** Forgets a target that nothing is planned for. */
export function RemoveTargetDialog({ target, onClose }: { target: Removed; onClose: () => void }) {
  const remove = useMutation(useTRPC().target.removeTarget.mutationOptions())
  return (
    <RemoveDialog
      removed={target}
      act="Remove the target"
      pending={remove.isPending}
      onSend={() => remove.mutateAsync({ targetId: target.id })}
      error={remove.error}
      onClose={onClose}
    >
      It is no longer read. The real thing stays as it is, and can be added again.
    </RemoveDialog>
  )
}

type RemoveDialogProps = {
  removed: Removed
  act: string
  pending: boolean
  onSend: () => Promise<unknown>
  error: unknown
  onClose: () => void
  children: ReactNode
}

function RemoveDialog({ removed, act, pending, onSend, error, onClose, children }: RemoveDialogProps) {
  const refresh = useRefresh('target')
  const send = async () => {
    await onSend()
    toast(`${removed.name} is removed`)
    await refresh()
    onClose()
  }
  return (
    <FormDialog
      title={`Remove ${removed.name}?`}
      act={act}
      acting="Removing"
      danger
      pending={pending}
      failed="Not removed"
      error={error ? errorMessageOf(error) : null}
      // What went wrong stands in the dialog.
      onSend={() => void send().catch(() => undefined)}
      onClose={onClose}
    >
      <p>{children}</p>
    </FormDialog>
  )
}
