'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BaseModelDetail, BaseModelRow } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatNumber, shortHash } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Notice } from '../ui/states.tsx'
import { type BaseDecision, DecideBaseDialog } from './decide-base-dialog.tsx'
import { ForgettingTable } from './forgetting-table.tsx'
import { didToBase } from './words.ts'

/** One base: where it comes from, what it forgot, what was decided, and what may be decided now. */
export function ModelSheet({ row, onClose }: { row: BaseModelRow; onClose: () => void }) {
  const [asking, setAsking] = useState<BaseDecision | null>(null)
  const may = useMay('baseModel.decide')
  const { id, version, parent, state, live } = row
  const description = live
    ? 'Forecasts are made with it now.'
    : state === 'waiting'
      ? 'It changes no forecast unless a person approves it.'
      : 'No forecast is made with it now.'
  const footer = !may ? null : state === 'waiting' ? (
    <>
      <Button variant="danger" onClick={() => setAsking('reject')}>
        Reject {version}
      </Button>
      {row.passed ? (
        <Button variant="primary" onClick={() => setAsking('approve')}>
          Approve {version}
        </Button>
      ) : null}
    </>
  ) : live && parent !== null ? (
    <Button variant="danger" onClick={() => setAsking('rollback')}>
      Roll back to {parent}
    </Button>
  ) : null
  return (
    <Sheet onClose={onClose} wide title={version} description={description} footer={footer}>
      <section
        aria-label={`About ${version}`}
        className="flex flex-col gap-6"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <Section title="Lineage">
          <Facts
            facts={[
              { term: 'made from', value: parent ?? 'nothing: trained on synthetic demand alone' },
              { term: 'rows learned', value: formatNumber(row.trainedRows, 0) },
              { term: 'SHA-256', value: <span title={row.hash}>{shortHash(row.hash)}</span> },
              ...(row.createdAt === null ? [] : [{ term: 'made', value: <Moment at={row.createdAt} /> }]),
              ...(state === 'waiting' && row.expiresAt !== null
                ? [{ term: 'decide until', value: <Moment at={row.expiresAt} /> }]
                : []),
            ]}
          />
        </Section>
        {id === null ? null : <RefittedPart id={id} />}
      </section>
      {asking === null ? null : (
        <DecideBaseDialog decision={asking} row={row} onClose={() => setAsking(null)} />
      )}
    </Sheet>
  )
}

function RefittedPart({ id }: { id: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.baseModel.get.queryOptions({ id }))
  return (
    <Loaded what="The forgetting test" query={query} rows={10}>
      {(base) => <TestAndDecisions base={base} />}
    </Loaded>
  )
}

function TestAndDecisions({ base: { test, state, decisions } }: { base: BaseModelDetail }) {
  return (
    <>
      {test === null ? null : (
        <Section title="Forgetting test">
          {test.passed ? null : (
            <div className="mb-3">
              <Notice tone="breach" title="It forgot too much">
                Nobody can approve it{state === 'waiting' ? '. Reject it; the next refit makes another' : ''}.
              </Notice>
            </div>
          )}
          <ForgettingTable test={test} />
        </Section>
      )}
      <Section title="Decisions">
        {decisions.length === 0 ? (
          <p className="text-muted">Nobody has decided yet.</p>
        ) : (
          <ol className="flex flex-col gap-2">
            {decisions.map(({ kind, who, reason, at }) => (
              <li key={at + kind}>
                {who} {didToBase[kind]} <Moment at={at} />
                {reason ? <span className="block text-muted">{reason}</span> : null}
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  )
}
