import { Check, CircleHelp, TriangleAlert, X } from 'lucide-react'
import type { RehearsedAction } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { formatClockSeconds } from '../ui/time.ts'

const words = {
  accepted: 'would be taken',
  refused: 'would be refused',
  moved: 'is not as planned for',
  unclear: 'could not be asked',
} as const satisfies Record<RehearsedAction['verdict'], string>

/** What each target said to a dry run of its action, which changes nothing there; what would not be taken stands first. */
export function RehearsalResults({
  content,
  rehearsal,
}: {
  content: PlanContent
  rehearsal: RehearsedAction[]
}) {
  const [first] = rehearsal
  if (first === undefined)
    return <p className="border-b py-1 text-muted">Dry run: the targets were not asked yet.</p>
  const sorted = rehearsal.toSorted(
    (a, b) => Number(a.verdict === 'accepted') - Number(b.verdict === 'accepted'),
  )
  return (
    <ul aria-label="Dry run at the targets">
      {sorted.map(({ position, verdict, message, at }) => (
        <li key={position} className="flex min-h-7 items-baseline gap-2 border-b py-1">
          <Mark verdict={verdict} />
          <span className="min-w-0 flex-1">
            Dry run: {content.actions[position]?.targetName ?? 'a target'} {words[verdict]}
            {message ? <span className="block break-words text-muted text-xs">{message}</span> : null}
          </span>
          <span className="text-faint text-xs">
            <Moment at={at} format={formatClockSeconds} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Mark({ verdict }: Pick<RehearsedAction, 'verdict'>) {
  const size = 'size-3.5 shrink-0 translate-y-0.5'
  if (verdict === 'accepted') return <Check aria-hidden className={`${size} text-verified`} />
  if (verdict === 'refused') return <X aria-hidden className={`${size} text-breach`} />
  if (verdict === 'moved') return <TriangleAlert aria-hidden className={`${size} text-wait`} />
  return <CircleHelp aria-hidden className={`${size} text-muted`} />
}

/** What a person should know before saying yes; null where every target would take it, or was not asked. */
export function rehearsalWarning(rehearsal: RehearsedAction[]): string | null {
  const refused = rehearsal.find(({ verdict }) => verdict === 'refused' || verdict === 'moved')
  if (refused === undefined) return null
  const said = refused.message ?? words[refused.verdict]
  return `A dry run ${words[refused.verdict]}: ${said} Approved all the same, it is asked again before it is written.`
}
