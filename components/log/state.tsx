'use client'
import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import type { LogStatus } from '../../server/audit/contract.ts'
import { Moment, useNow } from '../ui/clock.tsx'
import { formatNumber } from '../ui/format.ts'
import { lateSeconds } from './late.ts'

/** Until which entry and moment the log is verified, or what is wrong with it. */
export function LogState({ status }: { status: LogStatus }) {
  const now = useNow()
  if (!status.ok) {
    return (
      <p role="alert" className="flex items-center gap-1.5 font-medium text-breach">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        Broken{status.brokenSeq === null ? '' : ` at entry ${status.brokenSeq}`}: {status.problem}
      </p>
    )
  }
  if (status.verifiedAt === null) {
    return (
      <p className="flex items-center gap-1.5">
        <CircleHelp aria-hidden className="size-4 shrink-0" />
        Not verified yet; a worker does it within seconds.
      </p>
    )
  }
  const open = status.entries - status.verifiedSize
  const late = lateSeconds(status, now) > 0
  const Icon = late ? TriangleAlert : CircleCheck
  return (
    <p className={`flex items-start gap-x-1.5 ${late ? 'text-wait' : ''}`}>
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${late ? 'text-wait' : 'text-verified'}`} />
      <span>
        Verified to entry <span className="num">{formatNumber(status.verifiedSize, 0)}</span>, sealed{' '}
        <Moment at={status.verifiedAt} />
        {open > 0 ? ` · ${open} newer wait for the next checkpoint` : ''}
        {status.wholeAt ? ' · all of it last ' : ''}
        {status.wholeAt ? <Moment at={status.wholeAt} /> : null}
        {status.verifying ? ' · being verified whole' : ''}
      </span>
    </p>
  )
}
