import type { ChartSpan } from '../charts/fan-layers.tsx'
import type { LegendItem } from '../charts/legend.tsx'
import type { ChartMarker } from '../charts/markers.tsx'
import type { CapacitySteps } from '../charts/steps.ts'

/** What each kind of line and mark means, of those that are drawn. */
export function demandLegend({
  capacity,
  spans,
  markers,
  past,
}: {
  capacity: CapacitySteps
  spans: readonly ChartSpan[]
  markers: readonly ChartMarker[]
  past: boolean
}): LegendItem[] {
  const has = (kind: ChartMarker['kind']) => markers.some((marker) => marker.kind === kind)
  const items: (LegendItem | false)[] = [
    { mark: 'line', label: 'measured' },
    { mark: 'thin', label: past ? 'median as said then' : 'median forecast' },
    { mark: 'band', label: '50, 80, 98 %' },
    past && { mark: 'miss', label: 'outside its 90 %' },
    capacity.ready.length > 0 && { mark: 'step', label: 'capacity ready' },
    capacity.inFlight.length > 0 && { mark: 'dashed', label: 'in flight' },
    capacity.proposed.length > 0 && { mark: 'action', label: 'with the open proposal' },
    spans.some(({ kind }) => kind === 'event') && { mark: 'event', label: 'planned event' },
    has('proposal') && { mark: 'ring', label: 'proposal' },
    has('decision') && { mark: 'square', label: 'decision' },
    has('drift') && { mark: 'diamond', label: 'change found' },
  ]
  return items.filter((item) => item !== false)
}
