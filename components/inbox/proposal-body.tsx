'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { Approvers } from '../decide/approvers.tsx'
import { Alternatives } from '../plan/alternatives.tsx'
import { Evidence } from '../plan/evidence.tsx'
import { PlanChart } from '../plan/plan-chart.tsx'
import { PlanDiff } from '../plan/plan-diff.tsx'
import { WhatChanges, WhatItCosts } from '../plan/plan-facts.tsx'
import { PolicyResults } from '../plan/policy-results.tsx'
import { SagaStages } from '../plan/saga-stages.tsx'
import { ShiftTable } from '../plan/shift-table.tsx'
import { isStaged } from '../plan/stages.ts'
import { Reasons, WhyPlanned } from '../plan/why.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { BlastRadius } from './blast-radius.tsx'
import { SimilarSection } from './similar-section.tsx'
import { TodaySection } from './today-section.tsx'

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
  const { shift, forecast } = chartContent.evidence
  return (
    <>
      <PlanChart content={chartContent} planWord={planWord} />
      {isStaged(chartContent.actions) ? <SagaStages content={chartContent} /> : null}
      {shift ? <ShiftTable shift={shift} unit={forecast.unit} /> : null}
      <div className="grid gap-x-8 gap-y-4 @2xl:grid-cols-2">
        <PlanDiff content={chartContent} />
        <div className="flex min-w-0 flex-col gap-4">
          <Approvers proposal={proposal} />
          <TodaySection proposal={proposal} />
        </div>
      </div>
      <div className="grid gap-x-8 gap-y-4 @2xl:grid-cols-2 @3xl:grid-cols-3">
        <WhyPlanned content={content} />
        <WhatChanges content={content} />
        <WhatItCosts content={content} />
      </div>
      <div className="grid gap-x-8 gap-y-4 @3xl:grid-cols-2">
        <Alternatives content={content} onTry={isStaged(content.actions) ? undefined : onTry} />
        <PolicyResults
          content={content}
          rehearsal={proposal.rehearsal}
          engine={proposal.engine}
          onTry={isStaged(content.actions) ? undefined : onTry}
        />
      </div>
      <div className="grid gap-x-8 gap-y-4 @3xl:grid-cols-2">
        <BlastRadius proposalId={proposal.id} />
        <SimilarSection proposal={proposal} />
      </div>
      <More proposal={proposal} />
    </>
  )
}

function More({ proposal }: { proposal: ProposalDetail }) {
  const [tab, setTab] = useState<'words' | 'evidence'>('words')
  return (
    <Tabs
      label="More about the proposal"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: 'words',
          label: 'In words',
          content: <Reasons content={proposal.content} />,
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
