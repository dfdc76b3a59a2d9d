import type { DeliveryState } from '../../server/dispatch/contract.ts'
import { formatCount } from '../ui/format.ts'
import { formatRelative } from '../ui/time.ts'

/** `short`: for a bar; `whole`: a sentence; `path`: where a person looks into it. */
export type DeliveryWords = { short: string; whole: string; path: string }

/** Which connections are not answering, and how old is what is shown of them. `now` in milliseconds. Null while all can be read. */
export function unreadWords({ unread }: Pick<DeliveryState, 'unread'>, now: number): DeliveryWords | null {
  const [first] = unread
  if (first === undefined) return null
  const path = '/targets?view=connections'
  const times = unread.flatMap(({ readAt }) => readAt ?? []).toSorted()
  const read = times[0] === undefined ? null : formatRelative(Date.parse(times[0]), now)
  const age = read === null ? '' : `, read ${read}`
  const shown = read === null ? '' : ` What is shown of its targets was read ${read}.`
  if (unread.length === 1) {
    const fails = first.silent ? 'does not answer' : 'cannot be read in full'
    return { short: `${first.name} ${fails}${age}`, whole: `${first.name} ${fails}.${shown}`, path }
  }
  const names = unread.map(({ name }) => name).join(', ')
  const fail = unread.every(({ silent }) => silent) ? 'do not answer' : 'cannot be read in full'
  return {
    short: `${unread.length} connections ${fail}${age}`,
    whole: `${names} ${fail}.${shown.replace('its targets was', 'their targets was')}`,
    path,
  }
}

/** What was approved and did not get there: tried again by itself, or left to a person. Null where there is no such change. */
export function undeliveredWords({
  stuck,
  deadLetters,
}: Pick<DeliveryState, 'stuck' | 'deadLetters'>): DeliveryWords | null {
  const letters = formatCount(deadLetters, 'dead letter')
  const [first] = stuck
  if (first === undefined) {
    if (deadLetters === 0) return null
    const wait = deadLetters === 1 ? 'waits' : 'wait'
    return { short: letters, whole: `${letters} ${wait} for a person.`, path: deadLettersPath }
  }
  const one = stuck.length === 1
  const changes = formatCount(stuck.length, 'change')
  const what = one
    ? `Decision #${first.decisionNumber} is`
    : `${formatCount(stuck.length, 'approved change')} are`
  const rest = deadLetters === 0 ? '' : ` ${letters} ${deadLetters === 1 ? 'waits' : 'wait'} for a person.`
  return {
    short: deadLetters === 0 ? `${changes} stuck` : `${changes} stuck, ${letters}`,
    whole: `${what} not carried out yet and tried again by itself.${rest}`,
    path: deadLetters > 0 ? deadLettersPath : one ? `/decisions/${first.decisionId}` : '/inbox?view=approved',
  }
}

const deadLettersPath = '/targets?view=dead-letters'

/** What a sandbox says of itself; `real`: connections beside it that reach real infrastructure. */
export function sandboxWords(real: readonly string[]): Pick<DeliveryWords, 'short' | 'whole'> {
  const [only] = real
  if (only === undefined) {
    return {
      short: 'Everything here is simulated.',
      whole: 'Workloads, clouds, prices and traffic are simulated; nothing here reaches real infrastructure.',
    }
  }
  const named = real.length === 1 ? only : formatCount(real.length, 'connection')
  const are = real.length === 1 ? 'is' : 'are'
  return {
    short: `Simulated, but ${named} ${are} real.`,
    whole:
      `Part of this is simulated, but ${real.length === 1 ? only : real.join(', ')} ${are} real: ` +
      `what is approved for ${real.length === 1 ? 'its' : 'their'} targets reaches real infrastructure.`,
  }
}
