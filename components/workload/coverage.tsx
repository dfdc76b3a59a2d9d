'use client'
import type { Calibration, ForecastSnapshot } from '../../server/forecast/contract.ts'
import { CoverageChart, coverageFloor } from '../charts/coverage-chart.tsx'
import { useZone } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { formatDuration, zoneLabel } from '../ui/time.ts'
import { hourBuckets, leadBuckets } from './coverage-buckets.ts'

/** How often the stated intervals held, at each distance and hour of the day, against what they promise. */
export function Coverage({ snapshot }: { snapshot: ForecastSnapshot }) {
  const { calibration, coverage90, coverageCount } = snapshot
  const judged = coverage90 !== null && coverageCount > 0
  return (
    <Section
      title="Intervals against their promise"
      aside={
        judged ? (
          <span className="text-muted text-xs">
            90{'\u202f'}% promised, <span className="num text-ink">{formatPercent(coverage90, 1)}</span> held
            of <span className="num">{formatNumber(coverageCount)}</span>
          </span>
        ) : null
      }
    >
      {calibration ? (
        <ByLeadAndHour calibration={calibration} stepSeconds={snapshot.stepSeconds} />
      ) : (
        <p className="border-t py-3 text-muted">
          {judged
            ? 'This forecast’s model version does not keep coverage by distance and hour.'
            : 'Nothing is judged yet: the first forecasts must come true before they can be.'}
        </p>
      )}
    </Section>
  )
}

function ByLeadAndHour({ calibration, stepSeconds }: { calibration: Calibration; stepSeconds: number }) {
  const { zone } = useZone()
  const present = Date.now()
  const offset = zone === 'utc' ? 0 : -new Date(present).getTimezoneOffset()
  const leads = leadBuckets(calibration, stepSeconds)
  const hours = hourBuckets(calibration, offset)
  const { promised } = calibration
  const floor = coverageFloor([...leads, ...hours], promised)
  const every = Math.max(1, Math.ceil(leads.length / 6))
  return (
    <div className="flex flex-col gap-3 border-t pt-2">
      <div className="grid gap-x-8 gap-y-3 lg:grid-cols-2">
        <figure className="min-w-0">
          <figcaption className="text-muted text-xs">
            by distance, up to {formatDuration((calibration.byLead.at(-1)?.lead ?? 0) * stepSeconds)} ahead
          </figcaption>
          <CoverageChart
            label="Share of 90 % intervals that held, by how far ahead"
            buckets={leads}
            promised={promised}
            floor={floor}
            named={(i) => (i + 1) % every === 0}
          />
        </figure>
        <figure className="min-w-0">
          <figcaption className="text-muted text-xs">
            by hour of the day, {zoneLabel(zone, present)}
          </figcaption>
          <CoverageChart
            label={`Share of 90 % intervals that held, by hour of the day in ${zoneLabel(zone, present)}`}
            buckets={hours}
            promised={promised}
            floor={floor}
            named={(i) => i % 6 === 0}
          />
        </figure>
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        <Key look="size-1.5 rounded-full bg-ink">as promised</Key>
        <Key look="size-2 rounded-full border-2 border-ink">more often</Key>
        <Key look="size-2 rotate-45 bg-breach">less often</Key>
        <Key look="size-1.5 rounded-full border border-faint">too few to tell</Key>
        <span>The bar is the range that the count allows.</span>
      </p>
      <p className="text-muted text-xs">Held to the promise by {calibration.method}.</p>
    </div>
  )
}

function Key({ look, children }: { look: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={look} />
      {children}
    </span>
  )
}
