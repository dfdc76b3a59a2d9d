'use client'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'
import { cn } from './class-names.ts'

/** A secret that is shown this once, with a button that copies it; several stand one on a line. */
export function Secret({ label, value }: { label: string; value: string }) {
  const several = value.includes('\n')
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium text-xs">{label}</p>
      <div className={cn('flex gap-2', several ? 'flex-col items-start' : 'items-center')}>
        <code
          className={cn(
            'num min-w-0 flex-1 select-all wrap-anywhere rounded-md border bg-sunken px-2 py-1.5',
            several ? 'w-full whitespace-pre-wrap text-xs leading-5' : 'text-sm',
          )}
        >
          {value}
        </code>
        <Button onClick={() => void copy()} aria-label={`Copy the ${label.toLowerCase()}`}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
      <p className="text-muted text-xs">Shown this once; keep it in a safe place now.</p>
    </div>
  )
}
