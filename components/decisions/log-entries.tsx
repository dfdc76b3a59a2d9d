'use client'
import { CircleCheck, CircleX } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import type { AuditEntryView } from '../../server/audit/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Moment } from '../ui/clock.tsx'
import { shortHash } from '../ui/format.ts'
import { formatDayClock } from '../ui/time.ts'
import { entryHolds } from './entry-hash.ts'

/** The entries of the log about a decision and its proposal, each with its place in the chain. */
export function LogEntries({ entries }: { entries: readonly AuditEntryView[] }) {
  const { link } = useEnvironment()
  return (
    <ol className="border-t">
      {entries.map((entry) => (
        <li key={entry.seq} className="border-b">
          <details>
            <summary className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 py-1 hover:bg-hover pointer-coarse:min-h-10">
              <span className="num w-12 text-right text-muted">{entry.seq}</span>
              <Moment at={entry.at} format={formatDayClock} className="text-muted" />
              <span className="font-medium">
                {entry.stage}: {entry.action}
              </span>
              <span className="num ml-auto flex items-center gap-1.5 text-xs" title={entry.hash}>
                {shortHash(entry.hash)}
                <Holds entry={entry} />
              </span>
            </summary>
            <dl className="num grid gap-1 pb-3 text-xs">
              <Line term="hash" value={entry.hash} />
              <Line term="after" value={entry.prevHash} />
              <Line term="text" value={entry.canonical} />
            </dl>
            <Link href={link(`/log?entry=${entry.seq}`)} className="mb-3 inline-block text-xs underline">
              Proof that it is part of the log
            </Link>
          </details>
        </li>
      ))}
    </ol>
  )
}

function Line({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex gap-3">
      <dt className="w-12 shrink-0 font-sans text-muted">{term}</dt>
      <dd className="min-w-0 break-all">{value}</dd>
    </div>
  )
}

function Holds({ entry }: { entry: AuditEntryView }) {
  const [holds, setHolds] = useState<boolean | null>()
  useEffect(() => {
    let current = true
    void entryHolds(entry).then((result) => {
      if (current) setHolds(result)
    })
    return () => {
      current = false
    }
  }, [entry])
  if (holds === undefined || holds === null)
    return <span className="w-16 font-sans text-muted">not checked</span>
  return holds ? (
    <span className="flex w-16 items-center gap-1 font-sans text-verified">
      <CircleCheck aria-hidden className="size-3.5" />
      holds
    </span>
  ) : (
    <span className="flex w-16 items-center gap-1 font-sans text-breach">
      <CircleX aria-hidden className="size-3.5" />
      altered
    </span>
  )
}
