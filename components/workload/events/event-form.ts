import {
  type EventInput,
  type EventView,
  eventInput,
  type eventKinds,
  spanProblem,
} from '../../../server/forecast/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'

export type EventScope = 'workload' | 'team' | 'all'

/** The form of a planned event, as typed; times in milliseconds. */
export type EventForm = {
  name: string
  kind: (typeof eventKinds)[number]
  startsAt: number
  endsAt: number
  effect: 'learn' | 'expect'
  factor: string
  scope: EventScope
}

export const kindWords: Record<EventForm['kind'], string> = {
  training: 'training run',
  launch: 'launch',
  holiday: 'holiday',
  maintenance: 'maintenance',
  other: 'other',
}

const hour = 3_600_000

/** A new event: the next full hour, for one hour, its effect to be learned. */
export function emptyEvent(now: number): EventForm {
  const startsAt = Math.ceil(now / hour) * hour
  return {
    name: '',
    kind: 'launch',
    startsAt,
    endsAt: startsAt + hour,
    effect: 'learn',
    factor: '',
    scope: 'workload',
  }
}

/** The form of an event that exists. */
export function formOf(event: EventView): EventForm {
  return {
    name: event.name,
    kind: event.kind,
    startsAt: Date.parse(event.startsAt),
    endsAt: Date.parse(event.endsAt),
    effect: event.expectedFactor === null ? 'learn' : 'expect',
    factor: event.expectedFactor === null ? '' : String(event.expectedFactor),
    scope: scopeOf(event),
  }
}

export function scopeOf({ workloadId, team }: Pick<EventView, 'workloadId' | 'team'>): EventScope {
  if (workloadId !== null) return 'workload'
  return team === null ? 'all' : 'team'
}

export type EventErrors = Partial<Record<'name' | 'startsAt' | 'endsAt' | 'expectedFactor', string>>

/** What is sent, or what is wrong with which field and what would be right. */
export function readEvent(
  form: EventForm,
  workload: Pick<WorkloadView, 'id' | 'team'>,
  now: number,
): { input: EventInput; errors: null } | { input: null; errors: EventErrors } {
  const input = {
    workloadId: form.scope === 'workload' ? workload.id : null,
    team: form.scope === 'team' ? workload.team : null,
    name: form.name.trim(),
    kind: form.kind,
    startsAt: new Date(form.startsAt).toISOString(),
    endsAt: new Date(form.endsAt).toISOString(),
    expectedFactor: form.effect === 'learn' ? null : Number(form.factor.replace(',', '.') || Number.NaN),
  }
  const errors: EventErrors = {}
  if (input.name === '') errors.name = 'Give it a name of up to 100 characters.'
  if (Number.isNaN(input.expectedFactor))
    errors.expectedFactor = 'Enter a number, such as 1.5 for half as much again.'
  const span = spanProblem(input, new Date(now))
  if (span) {
    errors[span.path === 'endsAt' ? 'endsAt' : 'startsAt'] = `Expected ${span.expected}.`
    if (input.endsAt <= input.startsAt) errors.endsAt = 'It must end after it begins.'
  }
  if (Object.keys(errors).length > 0) return { input: null, errors }
  const parsed = eventInput.safeParse(input)
  if (parsed.success) return { input, errors: null }
  for (const { path, message } of parsed.error.issues) {
    const field = path[0]
    if (field === 'name' || field === 'expectedFactor') errors[field] = message
  }
  return { input: null, errors: { name: 'The event cannot be kept as it is.', ...errors } }
}

/** "2.5× the usual", "learned from earlier ones of its kind". */
export function effectWords(expectedFactor: number | null): string {
  if (expectedFactor === null) return 'learned from earlier ones'
  return `${Number(expectedFactor.toPrecision(3))}× the usual`
}
