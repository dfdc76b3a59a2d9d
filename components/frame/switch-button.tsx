'use client'
import { useMutation } from '@tanstack/react-query'
import { Power } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { SwitchView } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { ReasonDialog } from '../decide/reason-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { useMay } from './session.tsx'

/** The one switch of all dispatch: stops it, or lets it go on; both with a reason. Nothing where the reader may do neither. */
export function SwitchButton({ state }: { state: SwitchView }) {
  const trpc = useTRPC()
  const refresh = useRefresh('status', 'switch', 'proposal', 'decision')
  const mayStop = useMay('dispatch.stop')
  const mayRelease = useMay('dispatch.release')
  const [open, setOpen] = useState(false)
  const stop = useMutation(trpc.switch.stop.mutationOptions({ onSettled: refresh }))
  const release = useMutation(trpc.switch.release.mutationOptions({ onSettled: refresh }))
  if (state.engaged ? !mayRelease : !mayStop) return null
  const send = async (reason: string) => {
    const input = { reason, basedOn: state.number }
    if (state.engaged) {
      await release.mutateAsync(input)
      toast('Dispatch goes on')
      return
    }
    const { underWay } = await stop.mutateAsync(input)
    const before = underWay > 0 ? ` ${formatCount(underWay, 'write')} had been let go before.` : ''
    toast(`All dispatch is stopped.${before}`)
  }
  return (
    <>
      <Button size="sm" variant={state.engaged ? 'outline' : 'quiet'} onClick={() => setOpen(true)}>
        <Power aria-hidden />
        {state.engaged ? 'Let dispatch go on' : 'Stop'}
        {state.engaged ? null : <span className="sr-only"> all dispatch</span>}
      </Button>
      {open ? (
        <ReasonDialog
          onOpenChange={setOpen}
          title={state.engaged ? 'Let dispatch go on' : 'Stop all dispatch'}
          description={
            state.engaged
              ? 'What stands still is looked at anew, as whole as at its approval, and goes on where nothing stands against it.'
              : 'Nothing new is written to any target until an admin lets it go on. What is under way stands still at its next gate, and can be taken back by hand. Approving goes on.'
          }
          action={state.engaged ? 'Let dispatch go on' : 'Stop all dispatch'}
          variant={state.engaged ? 'primary' : 'danger'}
          busy={stop.isPending || release.isPending}
          onSend={send}
        />
      ) : null}
    </>
  )
}
