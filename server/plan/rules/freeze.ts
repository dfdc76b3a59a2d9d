import { type FreezeWindow, type Weekday, weekdays } from '../contract.ts'

/** 23:59, which nobody who writes it means to leave a minute open by: as an end it is that of the day. */
const lastMinute = 24 * 60 - 1

/** Whether the instant lies in the window; its end is outside. */
export function isFrozen(window: FreezeWindow, now: string): boolean {
  if (window.repeat === 'once') {
    const at = Date.parse(now)
    return at >= Date.parse(window.from) && at < Date.parse(window.to)
  }
  const { day, minutes } = wallClock(window.timeZone, now)
  const from = minutesOf(window.from)
  const to = minutesOf(window.to)
  const begins = (on: Weekday) => window.days.includes(on)
  if (from < to) return begins(day) && minutes >= from && (minutes < to || to === lastMinute)
  return (begins(day) && minutes >= from) || (begins(before(day)) && minutes < to)
}

/** "mon, fri 22:00–06:00 Europe/Berlin", or the two instants. */
export function windowWords(window: FreezeWindow): string {
  if (window.repeat === 'once') return `${instant(window.from)} – ${instant(window.to)}`
  const days = weekdays.filter((day) => window.days.includes(day))
  const when = days.length === weekdays.length ? 'daily' : days.join(', ')
  return `${when} ${window.from}–${window.to} ${window.timeZone}`
}

function instant(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}

function before(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day
}

/** Making one takes longer than all else of a rule. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** What the wall clock of a zone shows; summer time as the zone keeps it. */
function wallClock(timeZone: string, now: string): { day: Weekday; minutes: number } {
  const format = formats.get(timeZone) ?? formatOf(timeZone)
  formats.set(timeZone, format)
  const parts = new Map(format.formatToParts(new Date(now)).map(({ type, value }) => [type, value]))
  const name = parts.get('weekday')?.toLowerCase()
  const day = weekdays.find((one) => one === name) ?? 'mon'
  return { day, minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
}
