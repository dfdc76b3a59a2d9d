import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

/** A table that may be wider than its place: it scrolls within itself, by keyboard too. `label` says what is in it. */
export function ScrollAcross({
  label,
  className,
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <section
      aria-label={label}
      className={cn('relative overflow-x-auto', className)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {children}
    </section>
  )
}
