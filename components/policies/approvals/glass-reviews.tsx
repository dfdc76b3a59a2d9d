'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import type { GlassView } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { ReasonDialog } from '../../decide/reason-dialog.tsx'
import { useMay, useSession } from '../../frame/session.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/clock.tsx'
import { Section } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'

const minutes = 60

/** Every time that the glass was broken, what was approved under it, and the review that somebody else closes. */
export function GlassReviews() {
  const trpc = useTRPC()
  const query = useQuery(trpc.breakGlass.list.queryOptions())
  const refresh = useRefresh('breakGlass', 'proposal', 'status')
  const mayBreak = useMay('breakGlass.open')
  const session = useSession()
  const mine = query.data?.some(({ active, userId }) => active && userId === session?.userId)
  const [open, setOpen] = useState<'break' | GlassView | null>(null)
  const start = useMutation(trpc.breakGlass.open.mutationOptions({ onSettled: refresh }))
  const review = useMutation(trpc.breakGlass.review.mutationOptions({ onSettled: refresh }))
  return (
    <Section
      title="Broken glass"
      aside={
        mayBreak && query.data && !mine ? (
          <Button size="sm" variant="danger" onClick={() => setOpen('break')}>
            Break the glass
          </Button>
        ) : null
      }
    >
      <div id="reviews">
        <Loaded what="Broken glass" query={query} rows={2}>
          {(uses) =>
            uses.length === 0 ? (
              <p className="border-t py-2 text-muted">
                The glass was never broken. For an hour at most it makes one approval enough, is seen by
                everybody, and is reviewed by somebody else.
              </p>
            ) : (
              <ul aria-label="Broken glass" className="border-t">
                {uses.map((use) => (
                  <Use key={use.id} use={use} onReview={() => setOpen(use)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
      {open === 'break' ? (
        <ReasonDialog
          onOpenChange={() => setOpen(null)}
          title="Break the glass"
          description={`For ${minutes} minutes your approval is enough where the rules ask for more people. Never for your own override, and never past a rule or bound that holds hard. Everybody sees it, and somebody else reviews it.`}
          action={`Break the glass for ${minutes} min`}
          busy={start.isPending}
          onSend={(reason) => start.mutateAsync({ minutes, reason })}
        />
      ) : open ? (
        <ReasonDialog
          onOpenChange={() => setOpen(null)}
          title={`Close the review of broken glass ${open.number}`}
          description={`${open.who}: ${open.reason}`}
          action="Close the review"
          variant="primary"
          busy={review.isPending}
          onSend={(note) => review.mutateAsync({ id: open.id, note })}
        />
      ) : null}
    </Section>
  )
}

function Use({ use, onReview }: { use: GlassView; onReview: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('breakGlass', 'proposal', 'status')
  const session = useSession()
  const end = useMutation(trpc.breakGlass.end.mutationOptions({ onSettled: refresh }))
  return (
    <li className="flex flex-col gap-1 border-b py-2 last:border-b-0">
      <span className="flex flex-wrap items-center gap-2">
        <span className="num">{use.number}</span>
        <span className="font-medium">{use.who}</span>
        <Moment at={use.openedAt} />
        {use.active ? (
          <Badge tone="breach">broken</Badge>
        ) : use.review ? (
          <Badge tone="verified">reviewed</Badge>
        ) : (
          <Badge tone="wait">to be reviewed</Badge>
        )}
        {use.active && session?.may['breakGlass.review'] ? (
          <Button size="sm" disabled={end.isPending} onClick={() => end.mutate({ id: use.id })}>
            End now
          </Button>
        ) : null}
        {use.mayReview && session?.may['breakGlass.review'] ? (
          <Button size="sm" onClick={onReview}>
            Close the review
          </Button>
        ) : null}
      </span>
      <span className="text-muted">“{use.reason}”</span>
      {use.decisions.map((decision) => (
        <Link key={decision.id} href={`/decisions/${decision.id}`} className="underline underline-offset-2">
          Decision <span className="num">#{decision.number}</span>: {decision.summary}
        </Link>
      ))}
      {use.decisions.length === 0 ? (
        <span className="text-muted text-xs">Nothing was approved under it.</span>
      ) : null}
      {use.review ? (
        <span className="text-muted text-xs">
          {use.review.who}, <Moment at={use.review.at} />: {use.review.note}
        </span>
      ) : null}
    </li>
  )
}
