import type { GateView } from '../../server/dispatch/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { formatNumber } from '../ui/format.ts'

/** How fast a connection is asked, and whether it is left alone because it does not answer. */
export function GateCell({
  gate: { circuit, until, failures, lastFailure, requestsPerSecond },
}: {
  gate: GateView
}) {
  if (circuit === 'closed')
    return <span className="num text-muted">at most {formatNumber(requestsPerSecond, 1)}/s</span>
  return (
    <span
      className="flex min-w-[14ch] flex-wrap items-baseline gap-x-2 whitespace-normal py-1"
      title={lastFailure ?? undefined}
    >
      <Badge tone={circuit === 'open' ? 'breach' : 'wait'}>
        {circuit === 'open' ? 'left alone' : 'trying again'}
      </Badge>
      <span className="text-muted text-xs">
        {failures} unanswered
        {circuit === 'open' && until ? (
          <>
            ; tried <RelativeTime at={until} />
          </>
        ) : null}
      </span>
    </span>
  )
}
