'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AutonomyClassView } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { ReasonDialog } from '../../decide/reason-dialog.tsx'
import { useMay } from '../../frame/session.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/class-names.ts'
import { RelativeTime } from '../../ui/clock.tsx'
import { Section } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState } from '../../ui/states.tsx'

const tones: Record<AutonomyClassView['state'], Tone> = {
  watched: 'neutral',
  eligible: 'action',
  confirmed: 'verified',
  demoted: 'breach',
}

/** What each workload's kinds of action have shown, beside what is asked for; an admin confirms, and it is lost by itself. */
export function AutonomyTable() {
  const trpc = useTRPC()
  const query = useQuery(trpc.autonomy.list.queryOptions())
  const refresh = useRefresh('autonomy', 'proposal')
  const mayManage = useMay('policy.manage')
  const [chosen, setChosen] = useState<AutonomyClassView | null>(null)
  const confirm = useMutation(trpc.autonomy.confirm.mutationOptions({ onSettled: refresh }))
  const revoke = useMutation(trpc.autonomy.revoke.mutationOptions({ onSettled: refresh }))
  const takesBack = chosen?.state === 'confirmed'
  return (
    <Section title="Earned autonomy">
      <Loaded what="What was earned" query={query} rows={3}>
        {(classes) =>
          classes.length === 0 ? (
            <EmptyState title="Nothing decided yet" className="px-0">
              Each workload’s kinds of action appear here with their measures once people have decided on
              them.
            </EmptyState>
          ) : (
            <ul aria-label="Classes" className="border-t">
              {classes.map((one) => (
                <li
                  key={`${one.workload.id}/${one.kind}`}
                  className="grid gap-x-4 gap-y-1 border-b py-2 last:border-b-0 lg:grid-cols-[14rem_1fr_8rem]"
                >
                  <div>
                    <span className="font-medium">{one.workload.title}</span>
                    <span className="block text-muted text-xs">{one.kind}</span>
                    <Badge tone={tones[one.state]}>{one.state}</Badge>
                    {one.demoted ? (
                      <p className="text-breach text-xs">
                        Lost <RelativeTime at={one.demoted.at} />: {one.demoted.why}
                      </p>
                    ) : one.confirmed ? (
                      <p className="text-muted text-xs">
                        {one.confirmed.who}, <RelativeTime at={one.confirmed.at} />: {one.confirmed.reason}
                      </p>
                    ) : null}
                  </div>
                  <dl className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-4 gap-y-1">
                    {one.standings.map(({ measure, actual, limit, passed }) => (
                      <div key={measure}>
                        <dt className="text-muted text-xs">{measure}</dt>
                        <dd className={cn('num', passed ? '' : 'text-wait')}>
                          {passed ? '✓' : '✗'}
                          <span className="sr-only">{passed ? ' reached: ' : ' not reached: '}</span> {actual}
                          <span className="block text-muted text-xs">{limit}</span>
                        </dd>
                      </div>
                    ))}
                  </dl>
                  {mayManage && (one.state === 'eligible' || one.state === 'confirmed') ? (
                    <Button size="sm" className="justify-self-start" onClick={() => setChosen(one)}>
                      {one.state === 'confirmed' ? 'Take back' : 'Confirm'}
                      <span className="sr-only">
                        {' '}
                        {one.kind} of {one.workload.title}
                      </span>
                    </Button>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {chosen ? (
        <ReasonDialog
          onOpenChange={() => setChosen(null)}
          title={`${takesBack ? 'Take back' : 'Confirm'} ${chosen.kind} of ${chosen.workload.title}`}
          description={
            takesBack
              ? 'From then on people decide again.'
              : 'Rules of the level automatic may then decide it within their bounds. It is lost by itself as soon as a measure falls.'
          }
          action={takesBack ? 'Take back' : 'Confirm'}
          variant={takesBack ? 'danger' : 'primary'}
          busy={confirm.isPending || revoke.isPending}
          onSend={(reason) =>
            (takesBack ? revoke : confirm).mutateAsync({
              workloadId: chosen.workload.id,
              kind: chosen.kind,
              reason,
            })
          }
        />
      ) : null}
    </Section>
  )
}
