import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

export type Tone = 'neutral' | 'forecast' | 'action' | 'wait' | 'breach' | 'verified'

const tones: Record<Tone, string> = {
  neutral: 'border-line-strong text-muted',
  forecast: 'border-forecast/40 text-forecast',
  action: 'border-action/40 text-action',
  wait: 'border-wait/40 bg-wait-soft text-wait',
  breach: 'border-breach/40 bg-breach-soft text-breach',
  verified: 'border-verified/40 bg-verified-soft text-verified',
}

/** A word about a state. The word carries the meaning; the colour only repeats it. */
export function Badge({
  tone = 'neutral',
  className,
  children,
}: {
  tone?: Tone
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 text-xs [&_svg]:size-3',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
