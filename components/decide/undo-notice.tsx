'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, useNow } from '../ui/clock.tsx'
import { useKeys } from '../ui/keys.ts'
import { Notice } from '../ui/states.tsx'
import { formatClock, formatDayClock, formatDuration } from '../ui/time.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import { useDecisionRefresh } from './use-decision-refresh.ts'

type Undo = NonNullable<ProposalDetail['undo']>

/** Said from the approval until it is carried out: when that will be, and that it can be taken back before. `u` does it. */
export function UndoNotice({ proposal, undo }: { proposal: ProposalDetail; undo: Undo }) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const mayDecide = useMay('proposal.decide')
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const send = useMutation(trpc.proposal.undo.mutationOptions({ onSettled: refresh }))
  useKeys({ u: () => setAsking(true) }, { enabled: mayDecide && !asking })
  const left = Date.parse(undo.notBefore) - now
  return (
    <>
      <Notice
        tone="wait"
        title={left > 0 ? `Will be sent in ${formatDuration(left / 1_000)}` : 'About to be sent'}
        action={
          mayDecide ? (
            <Button size="sm" shortcut="U" onClick={() => setAsking(true)}>
              Undo
            </Button>
          ) : undefined
        }
      >
        {undo.notAfter === null ? (
          <>
            Approved, and held until <Moment at={undo.notBefore} format={clockWithSeconds} /> so that it can
            be undone.
          </>
        ) : (
          <>
            Approved for the window from <Moment at={undo.notBefore} format={formatDayClock} /> to{' '}
            <Moment at={undo.notAfter} format={formatDayClock} />. All that is bound is checked again then.
          </>
        )}
      </Notice>
      {asking ? (
        <ReasonDialog
          title={`Undo the approval of #${proposal.number}?`}
          description="It waits for a decision again, with none of the yeses. If it is being carried out by then, it has to be rolled back instead."
          action="Undo the approval"
          busy={send.isPending}
          onSend={(reason) => send.mutateAsync({ decisionId: undo.decisionId, reason })}
          open
          onOpenChange={setAsking}
        />
      ) : null}
    </>
  )
}

const clockWithSeconds: typeof formatClock = (at, zone) => formatClock(at, zone, { seconds: true })
