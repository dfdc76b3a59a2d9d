import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

/** A part of a page with its small heading. */
export function Section({
  title,
  aside,
  children,
  className,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section aria-label={title} className={cn('min-w-0', className)}>
      <div className="mb-1 flex min-h-6 flex-wrap items-center justify-between gap-x-3">
        <h2 className="eyebrow">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export type Fact = { term: string; value: ReactNode; note?: ReactNode }

/** Names and values, one per line; values line up on the right. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={cn('flex flex-col', className)}>
      {facts.map((fact) => (
        <div
          key={fact.term}
          className="flex min-h-7 items-baseline justify-between gap-3 border-b py-1 last:border-b-0"
        >
          <dt className="shrink-0 text-muted">{fact.term}</dt>
          <dd className="min-w-0 text-right">
            <span className="num break-words">{fact.value}</span>
            {fact.note ? <span className="block text-muted text-xs">{fact.note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Words where a number would stand. */
export function Words({ children }: { children: ReactNode }) {
  return <span className="font-sans [word-spacing:0]">{children}</span>
}

/** The head of a page: what it is, and what can be done with it. */
export function PageHead({
  title,
  children,
  actions,
}: {
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3 pb-2">
      <h1 className="font-semibold text-lg">{title}</h1>
      {children ? <div className="flex flex-wrap items-center gap-2 text-muted">{children}</div> : null}
      {actions ? <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  )
}
