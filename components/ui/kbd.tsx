'use client'
import type { ReactNode } from 'react'
import { cn } from './class-names.ts'
import { useCommandKey } from './keys.ts'

/** A key to press. Hidden from assistive technology, where `aria-keyshortcuts` says it. */
export function Kbd({ children, tone = 'plain' }: { children: ReactNode; tone?: 'plain' | 'on-action' }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        'num inline-flex h-4 min-w-4 items-center justify-center rounded-sm border px-1 text-2xs pointer-coarse:hidden',
        tone === 'plain' ? 'border-line-strong text-muted' : 'border-current text-on-action',
      )}
    >
      {children}
    </span>
  )
}

/** A key with ⌘ or Ctrl, as the reader's machine has it, within a sentence. */
export function CommandKey({ name }: { name: string }) {
  return <span className="num">{useCommandKey(name)}</span>
}
