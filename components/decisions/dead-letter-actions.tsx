'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { ReasonDialog } from '../decide/reason-dialog.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/clock.tsx'

/** What a person can do about a dispatch that could not be delivered: have it tried again, or give it up; each with a reason. */
export function DeadLetterActions({
  decisionId,
  name,
  goodUntil,
}: {
  decisionId: string
  name: string
  /** When the time of the approval is over: from then on it can only be given up. */
  goodUntil: string | null
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('decision', 'proposal', 'target')
  const [asking, setAsking] = useState<'again' | 'give up' | null>(null)
  const again = useMutation(trpc.decision.redrive.mutationOptions())
  const giveUp = useMutation(trpc.decision.giveUp.mutationOptions())
  const mayDecide = useMay('proposal.decide')
  const over = useNow() >= (goodUntil === null ? Infinity : Date.parse(goodUntil))
  if (!mayDecide) return null
  const close = () => setAsking(null)
  return (
    <span className="flex flex-wrap gap-1">
      {over ? null : (
        <Button size="sm" onClick={() => setAsking('again')}>
          Try again<span className="sr-only">: {name}</span>
        </Button>
      )}
      <Button size="sm" variant={over ? undefined : 'quiet'} onClick={() => setAsking('give up')}>
        Give up<span className="sr-only">: {name}</span>
      </Button>
      {asking === 'again' ? (
        <ReasonDialog
          title={`Try ${name} again?`}
          description="What is unclear is read back first. What is written is held against policy, prices, time and target once more; nothing else than what was approved is written."
          action="Try again"
          variant="primary"
          busy={again.isPending}
          onSend={async (reason) => {
            await again.mutateAsync({ decisionId, reason })
            await refresh()
          }}
          onOpenChange={close}
        />
      ) : null}
      {asking === 'give up' ? (
        <ReasonDialog
          title={`Give ${name} up?`}
          description="It is not tried any more. What stands at the targets, or may stand, stays as it is."
          action="Give up"
          busy={giveUp.isPending}
          onSend={async (reason) => {
            await giveUp.mutateAsync({ decisionId, reason })
            await refresh()
          }}
          onOpenChange={close}
        />
      ) : null}
    </span>
  )
}
