'use client'
import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { ForecasterView } from '../../../server/forecast/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'

/** Takes a forecaster out of the mixture, with its secret. */
export function RemoveDialog({ forecaster, onClose }: { forecaster: ForecasterView; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('forecaster')
  const remove = useMutation(
    trpc.forecaster.remove.mutationOptions({
      onSuccess: async () => {
        toast(`${forecaster.name} is removed`)
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={`Remove ${forecaster.name}?`}
      description="It is no longer asked, and its secret is deleted. To rest it, switch it off instead."
      act="Remove the forecaster"
      acting="Sending"
      danger
      pending={remove.isPending}
      failed="Not removed"
      error={remove.error && errorMessageOf(remove.error)}
      onSend={() => remove.mutate({ workloadId: forecaster.workloadId })}
      onClose={onClose}
    >
      <p>Forecasts that it took part in stay as they were issued.</p>
    </FormDialog>
  )
}
