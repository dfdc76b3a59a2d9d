'use client'
import Link from 'next/link'
import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Moment } from '../ui/clock.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatCount, formatNumber, shortHash } from '../ui/format.ts'
import { formatDayClock } from '../ui/time.ts'
import { Reproduce } from './reproduce.tsx'

/** What a forecast was made from, so that it can be traced and made again. */
export function Lineage({ forecastId, snapshot }: { forecastId: string; snapshot: ForecastSnapshot }) {
  const { lineage } = snapshot
  const { link } = useEnvironment()
  return (
    <Section title="What it was made from">
      <Facts
        facts={[
          { term: 'forecast', value: <span className="num select-all break-all text-xs">{forecastId}</span> },
          {
            term: 'last value used',
            value: <Moment at={snapshot.origin} format={formatDayClock} />,
          },
          {
            term: 'model',
            value: snapshot.modelVersion,
            note: (
              <span title={snapshot.stateHash} className="num">
                state {shortHash(snapshot.stateHash)}
              </span>
            ),
          },
          {
            term: 'learned from',
            value: `${formatNumber(snapshot.observations)} steps`,
            note: (
              <>
                <Moment at={snapshot.trainedFrom} format={formatDayClock} /> to{' '}
                <Moment at={snapshot.trainedTo} format={formatDayClock} />
              </>
            ),
          },
          {
            term: 'new since the one before',
            value: lineage ? formatCount(lineage.learned, 'step') : 'not kept',
            note: lineage ? (
              <>
                <Moment at={lineage.telemetryFrom} format={formatDayClock} /> to{' '}
                <Moment at={lineage.telemetryTo} format={formatDayClock} />
              </>
            ) : undefined,
          },
          {
            term: 'shared base model',
            value: lineage?.baseModel ? (
              <Link href={link('/models')} className="underline underline-offset-2">
                {lineage.baseModel}
              </Link>
            ) : (
              'none took part'
            ),
          },
          { term: 'own forecaster', value: lineage?.plugin ?? 'none took part' },
        ]}
      />
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
        <Reproduce
          forecastId={forecastId}
          hint="makes it again from what is stored and compares every byte"
        />
      </div>
    </Section>
  )
}
