import type { ReactNode } from 'react'
import { formatQuantity } from '../ui/format.ts'
import { formatDuration, formatMoment, type ZoneChoice } from '../ui/time.ts'
import type { FanRow } from './fan.ts'
import { type CapacitySteps, stepAt } from './steps.ts'

/** The box at the pointer: the moment, then one line per value. */
export function TooltipBox({ at, zone, children }: { at: number; zone: ZoneChoice; children: ReactNode }) {
  return (
    <div className="pointer-events-none rounded-md border border-line-strong bg-raised px-2 py-1.5 text-ink text-xs shadow-md">
      <p className="num mb-1 text-muted">{formatMoment(at, zone)}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-4">{children}</dl>
    </div>
  )
}

export function TooltipLine({ term, value, color }: { term: string; value: string; color?: string }) {
  return (
    <>
      <dt className="flex items-center gap-1.5 text-muted">
        <span aria-hidden="true" className="h-0.5 w-2.5" style={{ background: color ?? 'transparent' }} />
        {term}
      </dt>
      <dd className="num text-right">{value}</dd>
    </>
  )
}

/** Exact values of one moment of the fan chart, with the age of the forecast. */
export function FanTooltip({
  row,
  unit,
  zone,
  capacity,
  issuedAt,
  now,
  past,
}: {
  row: FanRow
  unit: string
  zone: ZoneChoice
  capacity: CapacitySteps | null
  issuedAt: number | null
  now: number
  /** The forecast is one of the past, and `issuedAt` when it was made. */
  past: boolean
}) {
  const show = (value: number) => formatQuantity(value, unit)
  const band = ([low, high]: [number, number]) => `${show(low)} – ${show(high)}`
  const steps = [
    { term: 'capacity ready', value: stepAt(capacity?.ready ?? [], row.at), color: 'var(--ink)' },
    {
      term: 'with what is in flight',
      value: stepAt(capacity?.inFlight ?? [], row.at),
      color: 'var(--muted)',
    },
    { term: 'with the proposal', value: stepAt(capacity?.proposed ?? [], row.at), color: 'var(--action)' },
  ]
  return (
    <TooltipBox at={row.at} zone={zone}>
      {row.measured === undefined ? null : (
        <TooltipLine
          term="measured"
          value={row.measured === null ? 'not measured' : show(row.measured)}
          color="var(--ink)"
        />
      )}
      {row.median === undefined ? null : (
        <TooltipLine
          term={past ? 'said then, median' : 'median'}
          value={show(row.median)}
          color="var(--forecast)"
        />
      )}
      {row.band50 ? <TooltipLine term="50 %" value={band(row.band50)} /> : null}
      {row.band80 ? <TooltipLine term="80 %" value={band(row.band80)} /> : null}
      {row.band98 ? <TooltipLine term="98 %" value={band(row.band98)} /> : null}
      {steps.map(({ term, value, color }) =>
        value === undefined ? null : <TooltipLine key={term} term={term} value={show(value)} color={color} />,
      )}
      {row.median !== undefined && issuedAt !== null ? (
        <TooltipLine
          term={past ? 'said ahead' : 'forecast age'}
          value={formatDuration(((past ? row.at : now) - issuedAt) / 1000)}
        />
      ) : null}
    </TooltipBox>
  )
}
