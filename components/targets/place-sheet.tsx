'use client'
import { Pencil } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { type Fact, Facts, Section } from '../ui/facts.tsx'
import { formatMoney, formatNumber, THIN } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'
import { HourBars } from './hour-bars.tsx'
import type { Place } from './places-table.tsx'

/** One place and one thing that it sells: what it costs when, how clean and how near it is. */
export function PlaceSheet({
  place: { domain, offering },
  onEdit,
  onClose,
}: {
  place: Place
  /** Absent: this person may not. */
  onEdit: (() => void) | null
  onClose: () => void
}) {
  const serverless = offering.kind === 'serverless'
  const users = Object.entries(domain.userLatencyMs)
  return (
    <Sheet
      onClose={onClose}
      title={`${domain.title}: ${offering.hardwareClass}`}
      description={`${serverless ? 'serverless' : 'instances'}, ${offering.market.replace('_', '-')}`}
      footer={
        onEdit ? (
          <Button onClick={onEdit}>
            <Pencil aria-hidden />
            Edit prices and terms
          </Button>
        ) : null
      }
    >
      <section
        aria-label="Prices and terms"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="flex flex-col gap-6"
      >
        <Section title="What it costs">
          <Facts
            facts={[
              {
                term: serverless ? 'a warm instance' : 'one replica',
                value: perHour(offering.pricePerReplicaHourUsd),
                note: offering.priceProfileUsd.length > 0 ? 'a typical hour' : 'at every hour',
              },
              ...requestFacts(offering),
              ...(offering.market === 'spot'
                ? [
                    {
                      term: 'taken away',
                      value: `${formatNumber(offering.interruptionRatePerHour * 100)}${THIN}%/h`,
                      note: 'of one replica',
                    },
                  ]
                : []),
              { term: 'quota', value: formatNumber(offering.quotaReplicas), note: 'replicas' },
            ]}
          />
          {offering.priceProfileUsd.length > 0 ? (
            <HourBars values={offering.priceProfileUsd} show={perHour} label="Price" />
          ) : null}
        </Section>
        <Section title="How long it takes">
          <Facts
            facts={[
              {
                term: 'lead time',
                value: formatDuration(offering.leadTimeP50Seconds),
                note: `p90 ${formatDuration(offering.leadTimeP90Seconds)}, as declared`,
              },
            ]}
          />
        </Section>
        <Section title="Electricity">
          <Facts
            facts={[
              {
                term: 'carbon',
                value: perKwh(domain.carbonGPerKwh),
                note: domain.carbonProfileGPerKwh.length > 0 ? 'a typical hour' : 'at every hour',
              },
              { term: 'power of one replica', value: `${formatNumber(offering.powerKw)}${THIN}kW` },
            ]}
          />
          {domain.carbonProfileGPerKwh.length > 0 ? (
            <HourBars values={domain.carbonProfileGPerKwh} show={perKwh} label="Carbon" />
          ) : null}
        </Section>
        <Section
          title="How near its users are"
          aside={users.length > 0 ? <span className="text-muted text-xs">there and back</span> : null}
        >
          {users.length > 0 ? (
            <Facts
              facts={users.map(([region, ms]) => ({
                term: region,
                value: `${formatNumber(ms)}${THIN}ms`,
              }))}
            />
          ) : (
            <p className="text-muted">Not stated; plans take every place to be equally near.</p>
          )}
        </Section>
        <Section title="Where it stands">
          <Facts
            facts={[
              { term: 'region', value: domain.region },
              { term: 'jurisdiction', value: domain.jurisdiction },
              { term: 'security tier', value: domain.securityTier },
            ]}
          />
        </Section>
      </section>
    </Sheet>
  )
}

const perHour = (usd: number) => formatMoney(usd, { per: 'h' })
const perKwh = (grams: number) => `${formatNumber(grams)}${THIN}g/kWh`

function requestFacts(offering: Place['offering']): Fact[] {
  if (offering.kind !== 'serverless') return []
  return [
    { term: 'a million requests', value: formatMoney(offering.pricePerMillionRequestsUsd ?? 0) },
    { term: 'cold start', value: formatDuration(offering.coldStartSeconds ?? 0) },
    {
      term: 'requests at once',
      value: formatNumber(offering.concurrencyPerInstance),
      note: 'of one instance',
    },
  ]
}
