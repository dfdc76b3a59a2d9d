import type { PlannedEvent, Surge } from '../../server/forecast/contract.ts'
import type { ChartSpan } from './fan-layers.tsx'

/** Planned events and the surge, as a chart draws them: the surge over the events. */
export function spansOf(
  events: readonly Pick<PlannedEvent, 'name' | 'startsAt' | 'endsAt'>[],
  surge: Pick<Surge, 'startsAt' | 'endsAt'> | null,
): ChartSpan[] {
  const spanOf = (kind: ChartSpan['kind'], label: string, of: { startsAt: string; endsAt: string }) => ({
    kind,
    label,
    from: Date.parse(of.startsAt),
    to: Date.parse(of.endsAt),
  })
  return [
    ...events.map((event) => spanOf('event', event.name, event)),
    ...(surge ? [spanOf('surge', 'surge', surge)] : []),
  ]
}
