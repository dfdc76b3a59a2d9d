'use client'
import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { ForecasterView } from '../../../server/forecast/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/states.tsx'

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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Remove ${forecaster.name}?`}
      description="It is no longer asked, and its secret is deleted. To rest it, switch it off instead."
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            variant="danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ workloadId: forecaster.workloadId })}
          >
            {remove.isPending ? 'Sending' : 'Remove the forecaster'}
          </Button>
        </>
      }
    >
      {remove.error ? (
        <Notice tone="breach" title="Not removed">
          {errorMessageOf(remove.error)}
        </Notice>
      ) : (
        <p>Forecasts that it took part in stay as they were issued.</p>
      )}
    </Dialog>
  )
}
