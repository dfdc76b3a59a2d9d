'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { Alternatives } from '../plan/alternatives.tsx'
import { Evidence } from '../plan/evidence.tsx'
import { PlanChart } from '../plan/plan-chart.tsx'
import { WhatChanges, WhatItCosts } from '../plan/plan-facts.tsx'
import { PolicyResults } from '../plan/policy-results.tsx'
import { SagaStages } from '../plan/saga-stages.tsx'
import { isStaged } from '../plan/stages.ts'
import { Reasons, WhyPlanned } from '../plan/why.tsx'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { Tabs } from '../ui/tabs.tsx'

/** Everything that a decision rests on. `chartContent` is the override under edit, where there is one. */
export function ProposalBody({
  proposal,
  chartContent,
  planWord,
  onTry,
}: {
  proposal: ProposalDetail
  chartContent: PlanContent
  planWord?: string
  onTry?: (replicas: number) => void
}) {
  const { content } = proposal
  return (
    <>
      <PlanChart content={chartContent} planWord={planWord} />
      {isStaged(chartContent.actions) ? <SagaStages content={chartContent} /> : null}
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        <WhyPlanned content={content} />
        <WhatChanges content={content} />
        <WhatItCosts content={content} />
      </div>
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-2">
        <Alternatives content={content} onTry={isStaged(content.actions) ? undefined : onTry} />
        <PolicyResults content={content} onTry={isStaged(content.actions) ? undefined : onTry} />
      </div>
      <More proposal={proposal} />
    </>
  )
}

function More({ proposal }: { proposal: ProposalDetail }) {
  const [tab, setTab] = useState<'words' | 'evidence'>('words')
  const { similar } = proposal
  return (
    <Tabs
      label="More about the proposal"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: 'words',
          label: 'In words',
          content: (
            <div className="flex flex-col gap-3">
              <Reasons content={proposal.content} />
              {similar.count > 0 ? (
                <Section title="Like it before">
                  {formatCount(similar.count, 'similar proposal')}: {similar.approved} approved,{' '}
                  {similar.overridden} overridden, {similar.rejected} rejected
                </Section>
              ) : null}
            </div>
          ),
        },
        {
          value: 'evidence',
          label: 'Evidence and what will be sent',
          content: (
            <Evidence
              proposalId={proposal.id}
              content={proposal.content}
              contentHash={proposal.contentHash}
            />
          ),
        },
      ]}
    />
  )
}
