import type { AcceptabilityMeasures } from '../../server/evaluation/contract.ts'
import { pulseQuestions } from '../../server/evaluation/contract.ts'
import { Facts, Section } from '../ui/facts.tsx'
import { formatCount, formatNumber, NONE } from '../ui/format.ts'
import { countText, pulseWords, rateText, timeText } from './words.ts'

/** All measures of one span, each with what it is a share of. */
export function MeasureFacts({ measures }: { measures: AcceptabilityMeasures }) {
  const { pulse } = measures
  return (
    <div className="grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-4">
      <Section title="Time to decide">
        <Facts
          facts={[
            {
              term: 'half within',
              value: timeText(measures, 'p50'),
              note: 'from proposed to decided, by people',
            },
            { term: 'nine in ten within', value: timeText(measures, 'p90') },
          ]}
        />
      </Section>
      <Section title="How they ended">
        <Facts
          facts={(
            [
              ['approved', measures.approved],
              ['overridden', measures.overridden],
              ['rejected', measures.rejected],
              ['expired', measures.expired],
            ] as const
          ).map(([term, rate]) => ({ term, value: rateText(rate), note: countText(rate) }))}
        />
      </Section>
      <Section title="How they turned out">
        <Facts
          facts={[
            {
              term: 'regretted',
              value: rateText(measures.regretted),
              note: `${countText(measures.regretted)} whose other course would have cost less`,
            },
            {
              term: 'false alarms',
              value: `${formatNumber(measures.falseAlarmsPerWeek)}\u202fa week`,
              note: `${countText(measures.falseAlarms)} surges did not come`,
            },
          ]}
        />
      </Section>
      <Section
        title="As people say"
        aside={
          <span className="text-muted text-xs">
            {pulse ? formatCount(pulse.answers, 'answer') : 'no answers'}
          </span>
        }
      >
        <Facts
          facts={pulseQuestions.map((question) => ({
            term: pulseWords[question].short,
            value: pulse ? `${pulse[question].toFixed(1)} of 5` : NONE,
          }))}
        />
      </Section>
    </div>
  )
}
