'use client'
import { CircleCheck, CircleHelp, type LucideIcon, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Status } from '../../server/api/contract.ts'
import type { DeliveryState } from '../../server/dispatch/contract.ts'
import { lateSeconds } from '../log/late.ts'
import { cn } from '../ui/class-names.ts'
import { RelativeTime, useNow, useZone } from '../ui/clock.tsx'
import { formatCount } from '../ui/format.ts'
import { formatClock, formatDuration } from '../ui/time.ts'
import { sandboxWords, undeliveredWords, unreadWords } from './delivery-words.ts'
import { useEnvironment } from './environment.ts'

type Level = 'good' | 'wait' | 'bad' | 'unknown'

const icons: Record<Level, LucideIcon> = {
  good: CircleCheck,
  wait: TriangleAlert,
  bad: TriangleAlert,
  unknown: CircleHelp,
}
const colors: Record<Level, string> = {
  good: 'text-verified',
  wait: 'text-wait',
  bad: 'text-breach',
  unknown: 'text-muted',
}

function Item({ level, children, title }: { level: Level; children: ReactNode; title?: string }) {
  const Icon = icons[level]
  return (
    <li className="flex items-center gap-1.5 whitespace-nowrap" title={title}>
      <Icon aria-hidden className={cn('size-3.5 shrink-0', colors[level])} />
      <span className={level === 'good' ? 'text-muted' : colors[level]}>{children}</span>
    </li>
  )
}

/** What people need in order to trust the rest, on every page: telemetry, log, dispatch, and the live stream itself. */
export function StatusLine({ status, isLive }: { status: Status | undefined; isLive: boolean }) {
  const now = useNow()
  const { link } = useEnvironment()
  if (!status) return <div className="h-4 w-64" />
  const { telemetry, log, dispatch, reactive, delivery } = status
  return (
    <ul aria-label="State of the system" className="flex items-center gap-4 text-xs">
      {/* First, so that it is in sight on a phone. */}
      <DeliveryItems delivery={delivery} />
      {telemetry.stale > 0 ? (
        <Item level="wait">
          <Link href={link('/workloads?sort=telemetry')} className="underline underline-offset-2">
            {formatCount(telemetry.stale, 'workload')} without fresh telemetry
          </Link>
        </Item>
      ) : telemetry.newestSampleAt ? (
        <Item level="good">
          telemetry <RelativeTime at={telemetry.newestSampleAt} />
        </Item>
      ) : (
        <Item level="unknown">no telemetry yet</Item>
      )}
      <LogItem log={log} />
      {reactive.length > 0 ? (
        <Item level="wait" title={reactive.map(({ workload }) => workload.title).join(', ')}>
          <Link href={link(shadowPath(reactive))} className="underline underline-offset-2">
            {formatCount(reactive.length, 'pool')} with the reactive shadow
          </Link>
        </Item>
      ) : null}
      {status.switch.engaged ? (
        <Item level="bad">dispatch stopped</Item>
      ) : dispatch.alive ? (
        delivery.unread.length > 0 ? null : (
          <Item level="good">dispatch on</Item>
        )
      ) : (
        <Item level="bad">
          dispatch down
          {dispatch.lastSeenAt
            ? ` for ${formatDuration((now - Date.parse(dispatch.lastSeenAt)) / 1000)}`
            : ''}
        </Item>
      )}
      {isLive ? null : <Item level="wait">not live, reconnecting</Item>}
    </ul>
  )
}

/** What dispatch does not reach, and what waits for that or for a person; nothing while all is well. */
function DeliveryItems({ delivery }: { delivery: DeliveryState }) {
  const now = useNow()
  const { link } = useEnvironment()
  const unread = unreadWords(delivery, now)
  const undelivered = undeliveredWords(delivery)
  return (
    <>
      {unread ? (
        <Item level="bad" title={unread.whole}>
          <Link href={link(unread.path)} className="underline underline-offset-2">
            {unread.short}
          </Link>
        </Item>
      ) : null}
      {undelivered ? (
        <Item level={delivery.deadLetters > 0 ? 'bad' : 'wait'}>
          <Link href={link(undelivered.path)} className="underline underline-offset-2">
            {undelivered.short}
          </Link>
        </Item>
      ) : null}
    </>
  )
}

/** When all of the log was verified and when what is new; on every page, for all the rest rests on it. */
function LogItem({ log }: { log: Status['log'] }) {
  const { zone } = useZone()
  const now = useNow()
  const { link } = useEnvironment()
  const proof = (words: ReactNode) => (
    <Link href={link('/log?view=proof')} className="underline-offset-2 hover:underline">
      {words}
    </Link>
  )
  if (!log.ok) {
    const where = log.brokenSeq === null ? '' : ` at entry ${log.brokenSeq}`
    return (
      <Item level="bad" title={log.problem ?? undefined}>
        {proof(`log broken${where}`)}
      </Item>
    )
  }
  if (log.verifiedAt === null) return <Item level="unknown">{proof('log not verified yet')}</Item>
  const late = lateSeconds(log, now)
  if (late > 0) return <Item level="wait">{proof(`log not verified for ${formatDuration(late)}`)}</Item>
  const clock = (at: string) => <span className="num">{formatClock(Date.parse(at), zone)}</span>
  if (log.verifying) {
    return (
      <Item level="wait" title={log.verifying.why}>
        {proof(<>whole log being verified since {clock(log.verifying.since)}</>)}
      </Item>
    )
  }
  const size = formatCount(log.entries, 'entry', 'entries')
  return (
    <Item level="good" title={`${size} in all, verified and sealed to #${log.verifiedSize}`}>
      {proof(
        <>
          {log.wholeAt ? (
            <>whole log verified at {clock(log.wholeAt)}, newest entries </>
          ) : (
            'log verified at '
          )}
          {clock(log.verifiedAt)}
        </>,
      )}
    </Item>
  )
}

/** The workload's own page where it is one, else the inbox, which says of each why. */
function shadowPath(reactive: Status['reactive']): string {
  const [only] = reactive
  return only && reactive.length === 1 ? `/workloads/${only.workload.name}?tab=pools` : '/inbox'
}

/** Plain and permanent wherever something is not real, and says what is. */
export function SandboxNotice({ real }: { real: DeliveryState['real'] }) {
  const { short, whole } = sandboxWords(real)
  return (
    <aside
      aria-label="Sandbox"
      className="flex min-h-7 items-center justify-center gap-2 border-b bg-wait-soft px-4 py-1 text-center text-wait text-xs"
    >
      <span className="font-semibold">Sandbox.</span>
      <span className="md:hidden">{short}</span>
      <span className="hidden md:inline">{whole}</span>
    </aside>
  )
}

/** Over every page while the log does not verify: what is decided meanwhile stands on a record that was tampered with. */
export function BrokenLogNotice({ log }: { log: Status['log'] }) {
  const { link } = useEnvironment()
  const where = log.brokenSeq === null ? '' : ` at entry ${log.brokenSeq}`
  return (
    <div
      role="alert"
      className="flex min-h-7 flex-wrap items-center justify-center gap-x-2 border-b bg-breach-soft px-4 py-1 text-center text-breach text-xs"
    >
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span className="font-semibold">The log is broken{where}.</span>
      <span>{log.problem}</span>
      <Link href={link('/log?view=proof')} className="underline underline-offset-2">
        Look into it
      </Link>
    </div>
  )
}
