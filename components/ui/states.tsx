'use client'
import { RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cn } from './class-names.ts'

/** Nothing here: says what would be here and how to get it. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('flex flex-col items-start gap-2 px-4 py-6', className)}>
      <p className="font-medium text-base">{title}</p>
      {children ? <div className="max-w-prose text-muted">{children}</div> : null}
      {action}
    </div>
  )
}

/** Something failed: what, and what to do. `error` is what the server said. */
export function ErrorState({
  what,
  error,
  onRetry,
  className,
}: {
  what: string
  error: { message: string } | null
  onRetry?: () => void
  className?: string
}) {
  return (
    <div role="alert" className={cn('flex flex-col items-start gap-2 px-4 py-6', className)}>
      <p className="flex items-center gap-2 font-medium text-base text-breach">
        <TriangleAlert aria-hidden className="size-4" />
        {what} could not be loaded
      </p>
      <p className="max-w-prose text-muted">
        {error?.message ?? 'The server gave no reason.'} Nothing was changed.
      </p>
      {onRetry ? (
        <Button onClick={onRetry}>
          <RotateCw aria-hidden />
          Load again
        </Button>
      ) : null}
    </div>
  )
}

/** A plain notice within a page. */
export function Notice({
  tone = 'neutral',
  title,
  children,
  action,
}: {
  tone?: 'neutral' | 'wait' | 'breach' | 'verified'
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  const tones = {
    neutral: 'border-line-strong bg-sunken',
    wait: 'border-wait/50 bg-wait-soft',
    breach: 'border-breach/50 bg-breach-soft',
    verified: 'border-verified/50 bg-verified-soft',
  }
  return (
    <div
      role={tone === 'breach' ? 'alert' : 'status'}
      className={cn('flex flex-wrap items-start gap-x-4 gap-y-2 rounded-md border px-3 py-2', tones[tone])}
    >
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children ? <div className="text-muted">{children}</div> : null}
      </div>
      {action}
    </div>
  )
}
