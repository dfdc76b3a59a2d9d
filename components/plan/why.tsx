import { type ForecastSnapshot, sentences } from '../../server/forecast/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { ContributionList } from '../charts/contribution-list.tsx'
import { Moment } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatClock } from '../ui/time.ts'
import { SurgeFacts } from './surge-facts.tsx'

/** The forecast taken apart: what raises or lowers its median against the ordinary level. */
export function Why({ forecast, title = 'Why' }: { forecast: ForecastSnapshot; title?: string }) {
  const lead = forecast.leads.find((candidate) => candidate.lead === forecast.contributionLead)
  return (
    <Section
      title={title}
      aside={
        lead ? (
          <span className="text-muted text-xs">
            {forecast.unit} at <Moment at={lead.at} format={formatClock} />
          </span>
        ) : null
      }
    >
      <ContributionList
        baseline={forecast.baseline}
        contributions={forecast.contributions}
        unit={forecast.unit}
      />
      <p className="mt-1 max-w-prose">
        {sentences(forecast.contributions, forecast.baseline, forecast.unit).join(' ')}
      </p>
    </Section>
  )
}

/** Why the demand is expected, and the surge that it makes; of a stop, first what is recognised as harm. */
export function WhyPlanned({ content: { evidence } }: { content: PlanContent }) {
  const { harm } = evidence
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {harm ? (
        <Section title="Why">
          <ul className="max-w-prose list-disc space-y-1 pl-4 marker:text-faint">
            {harm.words.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Why forecast={evidence.forecast} title={harm ? 'Demand beside it' : 'Why'} />
      {evidence.surge ? <SurgeFacts surge={evidence.surge} unit={evidence.forecast.unit} /> : null}
    </div>
  )
}

/** The plan's own sentences. */
export function Reasons({ content }: { content: PlanContent }) {
  return (
    <Section title="In words">
      <ol className="max-w-prose list-decimal space-y-1 pl-4 marker:text-faint">
        {content.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ol>
    </Section>
  )
}
