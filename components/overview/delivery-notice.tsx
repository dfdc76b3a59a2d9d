'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '../api/provider.tsx'
import { type DeliveryWords, undeliveredWords, unreadWords } from '../frame/delivery-words.ts'
import { useEnvironment } from '../frame/environment.ts'
import { useNow } from '../ui/clock.tsx'

/** One calm line above all else while a connection does not answer or an approved change does not get there. */
export function DeliveryNotice() {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const now = useNow()
  const delivery = useQuery(trpc.status.get.queryOptions()).data?.delivery
  if (!delivery) return null
  const lines: { words: DeliveryWords | null; label: string }[] = [
    { words: unreadWords(delivery, now), label: 'Connections' },
    { words: undeliveredWords(delivery), label: 'Look into it' },
  ]
  if (lines.every(({ words }) => words === null)) return null
  return (
    <p role="status" className="flex flex-wrap gap-x-4 gap-y-1 border-wait border-l-2 pl-3">
      {lines.map(({ words, label }) =>
        words ? (
          <span key={label}>
            {words.whole}{' '}
            <Link href={link(words.path)} className="text-action underline underline-offset-2">
              {label}
            </Link>
          </span>
        ) : null,
      )}
    </p>
  )
}
