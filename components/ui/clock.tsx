'use client'
import { createContext, type ReactNode, use, useSyncExternalStore } from 'react'
import { cn } from './class-names.ts'
import { formatMoment, formatRelative, type ZoneChoice } from './time.ts'

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribeClock(listener: () => void) {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      for (const tell of listeners) tell()
    }, 1_000)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

/** The present in milliseconds, ticking each second; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribeClock,
    () => now,
    () => now,
  )
}

/** The present, ticking every `seconds`: for things that are costly to draw, as charts are. */
export function useCoarseNow(seconds: number): number {
  const step = seconds * 1_000
  const read = () => Math.floor(now / step) * step
  return useSyncExternalStore(subscribeClock, read, read)
}

const storageKey = 'infrasage-time-zone'
const zoneListeners = new Set<() => void>()

function readZone(): ZoneChoice {
  return localStorage.getItem(storageKey) === 'local' ? 'local' : 'utc'
}

function subscribeZone(listener: () => void) {
  zoneListeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    zoneListeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

const Zone = createContext<{ zone: ZoneChoice; setZone: (zone: ZoneChoice) => void } | null>(null)

/** Holds the reader's choice of time zone, kept in this browser. */
export function ZoneProvider({ children }: { children: ReactNode }) {
  const zone = useSyncExternalStore<ZoneChoice>(subscribeZone, readZone, () => 'utc')
  const setZone = (next: ZoneChoice) => {
    localStorage.setItem(storageKey, next)
    for (const tell of zoneListeners) tell()
  }
  return <Zone value={{ zone, setZone }}>{children}</Zone>
}

/** The time zone that moments are written in, and how to change it. */
export function useZone(): { zone: ZoneChoice; setZone: (zone: ZoneChoice) => void } {
  const value = use(Zone)
  if (!value) throw new Error('useZone needs a ZoneProvider above it')
  return value
}

/** "12 s ago", with the moment itself on hover and for machines. */
export function RelativeTime({ at, className }: { at: string | number | Date; className?: string }) {
  const present = useNow()
  const { zone } = useZone()
  const moment = new Date(at).getTime()
  return (
    <time
      dateTime={new Date(moment).toISOString()}
      title={formatMoment(moment, zone)}
      className={cn('num whitespace-nowrap', className)}
      suppressHydrationWarning
    >
      {formatRelative(moment, present)}
    </time>
  )
}

/** The moment itself, "22 Nov 14:32" by the writer given, with the distance on hover. */
export function Moment({
  at,
  format = formatMoment,
  className,
}: {
  at: string | number | Date
  format?: (at: number, zone: ZoneChoice) => string
  className?: string
}) {
  const present = useNow()
  const { zone } = useZone()
  const moment = new Date(at).getTime()
  return (
    <time
      dateTime={new Date(moment).toISOString()}
      title={`${formatMoment(moment, zone)}, ${formatRelative(moment, present)}`}
      className={cn('num whitespace-nowrap', className)}
      suppressHydrationWarning
    >
      {format(moment, zone)}
    </time>
  )
}
