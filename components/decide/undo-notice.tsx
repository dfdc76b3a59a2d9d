'use client'
import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, useNow } from '../ui/clock.tsx'
import { useKeys } from '../ui/keys.ts'
import { Notice } from '../ui/states.tsx'
import { formatClockSeconds, formatDayClock } from '../ui/time.ts'
import { undoTitle } from './undo-words.ts'
import { useDecisionRefresh } from './use-decision-refresh.ts'

type Undo = NonNullable<ProposalDetail['undo']>

/** Said from the approval until it is carried out: when that will be or why not yet, and that it can be taken back before. `u` does it. */
export function UndoNotice({ proposal, undo }: { proposal: ProposalDetail; undo: Undo }) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const mayDecide = useMay('proposal.decide')
  const now = useNow()
  const send = useMutation(
    trpc.proposal.undo.mutationOptions({
      onSuccess: () => toast.success(`The approval of #${proposal.number} is undone; it waits again.`),
      onError: (error) => toast.error('Not undone', { description: errorMessageOf(error) }),
      onSettled: refresh,
    }),
  )
  // Nothing is asked: a hold lasts seconds, and all that is lost is a yes that can be given again.
  const take = () => send.mutate({ decisionId: undo.decisionId })
  useKeys({ u: take }, { enabled: mayDecide && !send.isPending && !send.isSuccess })
  const left = Date.parse(undo.notBefore) - now
  const note = proposal.carriedOut?.note ?? null
  return (
    <Notice
      tone="wait"
      title={undoTitle({ leftMs: left, note })}
      action={
        mayDecide ? (
          <Button size="sm" shortcut="U" disabled={send.isPending} onClick={take}>
            Undo
          </Button>
        ) : undefined
      }
    >
      {note && left <= 0 ? (
        <>{note} Until it is sent, it can be undone.</>
      ) : undo.notAfter === null ? (
        <>
          Approved, and held until <Moment at={undo.notBefore} format={formatClockSeconds} /> so that it can
          be undone.
        </>
      ) : (
        <>
          Approved for the window from <Moment at={undo.notBefore} format={formatDayClock} /> to{' '}
          <Moment at={undo.notAfter} format={formatDayClock} />. All that is bound is checked again then.
        </>
      )}
    </Notice>
  )
}
