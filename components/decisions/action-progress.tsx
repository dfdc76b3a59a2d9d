import type { DispatchActionView, DispatchView } from '../../server/dispatch/contract.ts'
import { controlOf, type PlanContent, unitOf } from '../../server/plan/contract.ts'
import { ActionWords } from '../plan/saga-stages.tsx'
import { Moment } from '../ui/clock.tsx'
import { ActionStateBadge } from '../ui/state-badge.tsx'
import { formatClockSeconds } from '../ui/time.ts'

/** Where each action stands, in the order of the plan: applied, seen to hold, failed, taken back. */
export function ActionProgress({ dispatch, content }: { dispatch: DispatchView; content: PlanContent }) {
  return (
    <section aria-label="Where each action stands">
      <p className="mb-1">{wordsOf(dispatch)}</p>
      <ol className="border-t">
        {dispatch.actions.map((leg) => (
          <Leg key={leg.position} leg={leg} content={content} />
        ))}
      </ol>
    </section>
  )
}

function Leg({ leg, content }: { leg: DispatchActionView; content: PlanContent }) {
  const action = content.actions[leg.position]
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-b py-1">
      <span className="num w-5 text-muted">{leg.stage + 1}.</span>
      <ActionStateBadge state={leg.state} />
      {action ? <ActionWords action={action} content={content} /> : null}
      {action && leg.unit && leg.unit !== unitOf[controlOf[action.kind]] ? (
        <span className="text-muted text-xs">set as {leg.unit}</span>
      ) : null}
      <span className="num ml-auto flex flex-wrap gap-x-3 text-muted text-xs">
        <Step word="applied" at={leg.appliedAt} />
        <Step word="verified" at={leg.verifiedAt} />
        <Step word="taken back" at={leg.takenBackAt} />
      </span>
      {leg.note ? <span className="basis-full pl-8 text-breach">{leg.note}</span> : null}
    </li>
  )
}

function Step({ word, at }: { word: string; at: string | null }) {
  if (at === null) return null
  return (
    <span>
      {word} <Moment at={at} format={formatClockSeconds} />
    </span>
  )
}

/** How far it is, and what became of it, in a sentence. */
function wordsOf({ actions, state }: DispatchView): string {
  const count = (...wanted: DispatchActionView['state'][]) =>
    actions.filter((leg) => wanted.includes(leg.state)).length
  const all = actions.length
  if (state === 'verified') return `All ${all} actions stand verified.`
  if (state === 'rolling_back') {
    const undone = count('undone')
    const left = count('applied', 'verified', 'taken_back')
    return `An action failed. What was applied is taken back: ${undone} of ${undone + left} done.`
  }
  if (state === 'rolled_back') return 'An action failed, and what had been applied was taken back.'
  if (state === 'failed') {
    const stands = count('applied', 'verified')
    return stands === 0
      ? 'It failed, and nothing of it stands.'
      : `It failed half-way: ${stands} of ${all} actions stand, and are not taken back.`
  }
  return `${count('verified')} of ${all} stand verified; ${count('waiting')} wait for those before them.`
}
