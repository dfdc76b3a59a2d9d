import { THIN } from './format.ts'

/** How moments are written: in universal time or in the reader's own zone. */
export type ZoneChoice = 'utc' | 'local'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function part(value: number, unit: string): string {
  return `${value}${THIN}${unit}`
}

/** A length of time in at most two units: "45 s", "6 min", "1 h 20 min", "2 d 3 h". Negative lengths are taken as 0. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < MINUTE) return part(whole, 's')
  if (whole < HOUR) {
    const rest = whole % MINUTE
    const minutes = Math.floor(whole / MINUTE)
    return minutes < 5 && rest > 0 ? `${part(minutes, 'min')} ${part(rest, 's')}` : part(minutes, 'min')
  }
  if (whole < DAY) return two(whole, HOUR, 'h', MINUTE, 'min')
  return two(whole, DAY, 'd', HOUR, 'h')
}

function two(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const first = Math.floor(seconds / big)
  const second = Math.floor((seconds % big) / small)
  return second === 0 ? part(first, bigUnit) : `${part(first, bigUnit)} ${part(second, smallUnit)}`
}

/** "12 s ago", "in 6 min", "now" within two seconds. Times in milliseconds. */
export function formatRelative(at: number, now: number): string {
  const seconds = (at - now) / 1000
  if (Math.abs(seconds) < 2) return 'now'
  return seconds > 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(-seconds)} ago`
}

/** What is left until a deadline: "6 min", or "12 s late" when it has passed. */
export function formatCountdown(deadline: number, now: number): string {
  const seconds = (deadline - now) / 1000
  return seconds >= 0 ? formatDuration(seconds) : `${formatDuration(-seconds)} late`
}

const zones = new Map<string, Intl.DateTimeFormat>()

function parts(at: number, zone: ZoneChoice): Record<string, string> {
  const key = zone
  let format = zones.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      year: 'numeric',
      month: 'short',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone: zone === 'utc' ? 'UTC' : undefined,
    })
    zones.set(key, format)
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** "14:32"; with `seconds`, "14:32:08". */
export function formatClock(at: number, zone: ZoneChoice): string {
  const { hour, minute } = parts(at, zone)
  return `${hour}:${minute}`
}

/** "14:32:07". */
export function formatClockSeconds(at: number, zone: ZoneChoice): string {
  return `${formatClock(at, zone)}:${parts(at, zone).second}`
}

/** "22 Nov 14:32". */
export function formatDayClock(at: number, zone: ZoneChoice): string {
  const { day, month, hour, minute } = parts(at, zone)
  return `${day} ${month} ${hour}:${minute}`
}

/** "Sun 22 Nov". */
export function formatDay(at: number, zone: ZoneChoice): string {
  const { weekday, day, month } = parts(at, zone)
  return `${weekday} ${day} ${month}`
}

/** The whole moment, for tooltips and records: "22 Nov 2026 14:32:08 UTC". */
export function formatMoment(at: number, zone: ZoneChoice): string {
  const { day, month, year, hour, minute, second } = parts(at, zone)
  return `${day} ${month} ${year} ${hour}:${minute}:${second} ${zoneLabel(zone, at)}`
}

/** "UTC", or the reader's offset: "UTC+2". */
export function zoneLabel(zone: ZoneChoice, at: number): string {
  if (zone === 'utc') return 'UTC'
  const offset = -new Date(at).getTimezoneOffset()
  if (offset === 0) return 'UTC+0'
  const hours = Math.floor(Math.abs(offset) / 60)
  const minutes = Math.abs(offset) % 60
  return `UTC${offset < 0 ? '\u2212' : '+'}${hours}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** A moment as a field for date and time holds it, "2026-11-22T14:32", in the reader's choice of zone. */
export function dateTimeText(at: number, zone: ZoneChoice): string {
  const utc = new Date(zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * 60_000)
  const day = `${pad(utc.getUTCFullYear(), 4)}-${pad(utc.getUTCMonth() + 1)}-${pad(utc.getUTCDate())}`
  return `${day}T${pad(utc.getUTCHours())}:${pad(utc.getUTCMinutes())}`
}

/** The moment that such a field names in that zone; null while it names none. */
export function momentOf(text: string, zone: ZoneChoice): number | null {
  const at = Date.parse(zone === 'utc' ? `${text}Z` : text)
  return Number.isNaN(at) ? null : at
}

/** An hour of the day in UTC, as the reader's clock begins it; `offsetMinutes` is the zone's distance from UTC. */
export function hourIn(utcHour: number, offsetMinutes: number): { minuteOfDay: number; label: string } {
  const minuteOfDay = (((utcHour * 60 + offsetMinutes) % 1440) + 1440) % 1440
  return { minuteOfDay, label: `${pad(Math.floor(minuteOfDay / 60))}:${pad(minuteOfDay % 60)}` }
}
