import type { RehearsedAction } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { Alternatives } from '../plan/alternatives.tsx'
import { PlanChart } from '../plan/plan-chart.tsx'
import { WhatChanges, WhatItCosts } from '../plan/plan-facts.tsx'
import { PolicyResults } from '../plan/policy-results.tsx'
import { SagaStages } from '../plan/saga-stages.tsx'
import { isStaged } from '../plan/stages.ts'
import { Reasons, WhyPlanned } from '../plan/why.tsx'

/** The proposal as it stood on the screen when it was decided, with the same numbers in the same words. */
export function WhatWasSeen({
  content,
  rehearsal,
}: {
  content: PlanContent
  rehearsal: RehearsedAction[] | null
}) {
  return (
    <div className="flex flex-col gap-4">
      <PlanChart content={content} />
      {isStaged(content.actions) ? <SagaStages content={content} /> : null}
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        <WhyPlanned content={content} />
        <WhatChanges content={content} />
        <WhatItCosts content={content} />
      </div>
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-2">
        <Alternatives content={content} />
        <PolicyResults content={content} rehearsal={rehearsal} />
      </div>
      <Reasons content={content} />
    </div>
  )
}
