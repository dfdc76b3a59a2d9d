'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'

/** Lets an admin refit now instead of waiting for the week to end. Takes some seconds; changes no forecast. */
export function RefitButton({ onMade }: { onMade: (version: string) => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const may = useMay('baseModel.refit')
  const refit = useMutation(
    trpc.baseModel.refit.mutationOptions({
      onSuccess: ({ version }) => onMade(version),
      onSettled: () => queryClient.invalidateQueries({ queryKey: [['baseModel']] }),
    }),
  )
  if (!may) return null
  return (
    <>
      {refit.error ? (
        <p role="alert" className="max-w-prose text-breach">
          Not refitted. {errorMessageOf(refit.error)}
        </p>
      ) : null}
      <Button disabled={refit.isPending} onClick={() => refit.mutate()}>
        {refit.isPending ? 'Refitting' : 'Refit now'}
      </Button>
    </>
  )
}
