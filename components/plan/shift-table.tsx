import type { ShiftSchedule } from '../../server/plan/contract.ts'
import { cn } from '../ui/class-names.ts'
import { Moment } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { FigureHead, figureCell } from '../ui/figure-table.tsx'
import { formatMoney, formatNumber, formatQuantity } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { formatClock, formatDuration } from '../ui/time.ts'
import { movedIn } from './shift-hours.ts'

/** Hour by hour, what a replica costs, how many are set with the shift and without, and which work goes to another hour. */
export function ShiftTable({ shift, unit }: { shift: ShiftSchedule; unit: string }) {
  const { hours, allowedWaitSeconds, longestWaitSeconds, savesUsd, savesCarbonG } = shift
  const byCarbon = new Set(hours.map(({ pricePerReplicaHourUsd }) => pricePerReplicaHourUsd)).size === 1
  const amount = unit.replace(/\/s$/, '')
  return (
    <Section
      title="Work by the hour"
      aside={
        <span className="text-muted text-xs">
          saves <span className="num">{formatMoney(savesUsd)}</span>
          {savesCarbonG > 0 ? (
            <>
              {' '}
              and <span className="num">{formatQuantity(savesCarbonG / 1_000, 'kg')}</span> of CO₂
            </>
          ) : null}
          ; {waitWords(longestWaitSeconds, allowedWaitSeconds)}
        </span>
      }
    >
      <ScrollAcross label="Work by the hour">
        <table className="w-full text-sm">
          <FigureHead
            columns={[
              'from',
              byCarbon ? 'CO₂ a replica' : 'price a replica',
              'as it comes',
              'planned',
              'comes in',
              'moved',
              'waits after',
            ]}
          />
          <tbody>
            {hours.map((hour, i) => (
              <tr key={hour.at} className="border-b last:border-b-0">
                <th scope="row" className="num whitespace-nowrap pr-2 text-left font-normal">
                  <Moment at={hour.at} format={formatClock} />
                </th>
                <td className={figureCell}>
                  {byCarbon
                    ? formatQuantity(hour.carbonGPerReplicaHour, 'g/h')
                    : formatMoney(hour.pricePerReplicaHourUsd, { per: 'h' })}
                </td>
                <td className={figureCell}>{formatNumber(hour.asItComes, 1)}</td>
                <td className={cn(figureCell, 'font-medium')}>{hour.replicas}</td>
                <td className={figureCell}>{formatQuantity(hour.arriving, amount)}</td>
                <td className={figureCell}>{movedWords(movedIn(hours, i), amount)}</td>
                <td className={figureCell}>{formatQuantity(hour.backlog, amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollAcross>
    </Section>
  )
}

function movedWords(moved: number | null, unit: string): string {
  if (moved === null || Math.round(moved) === 0) return '–'
  return `${formatQuantity(Math.abs(moved), unit)} ${moved > 0 ? 'to later' : 'from before'}`
}

function waitWords(longest: number | null, allowed: number): string {
  if (longest === null) return 'some of it is not done within the forecast'
  return `waits ${formatDuration(longest)} of ${formatDuration(allowed)} at most`
}
