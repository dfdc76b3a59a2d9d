'use client'
import { useMemo } from 'react'
import { Line } from 'recharts'
import {
  REPLAY_POLICY_WORDS,
  type ReplayPolicy,
  type ReplayReport,
} from '../../server/evaluation/contract.ts'
import { ChartFigure, type ChartTable } from '../charts/chart-figure.tsx'
import { TooltipBox, TooltipLine } from '../charts/chart-tooltip.tsx'
import { TimePlot } from '../charts/time-plot.tsx'
import { formatQuantity } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'

type Row = { at: number; demand: number | null; one: number | null; other: number | null }

/** Demand, and the capacity that two policies would have had ready for it. */
export function ReplayChart({
  report,
  one,
  other,
  onChoose,
  fileName,
}: {
  report: ReplayReport
  one: ReplayPolicy
  other: ReplayPolicy
  onChoose: (choice: { one?: ReplayPolicy; other?: ReplayPolicy }) => void
  fileName: string
}) {
  const { moments, terms } = report
  const { unit } = terms
  const rows = useMemo<Row[]>(() => {
    const capacityOf = (replicas: number | undefined) =>
      replicas === undefined ? null : replicas * terms.capacityPerReplica
    return moments.map(({ at, demand, ready }) => ({
      at: Date.parse(at),
      demand,
      one: capacityOf(ready[one]),
      other: capacityOf(ready[other]),
    }))
  }, [moments, terms, one, other])
  const highest = rows.reduce((top, row) => Math.max(top, row.demand ?? 0, row.one ?? 0, row.other ?? 0), 0)
  const titles = { one: REPLAY_POLICY_WORDS[one].title, other: REPLAY_POLICY_WORDS[other].title }
  const options = report.outcomes.map(({ policy }) => ({
    value: policy,
    label: REPLAY_POLICY_WORDS[policy].title,
  }))
  const table = (): ChartTable => ({
    columns: ['demand', titles.one, titles.other],
    unit,
    rows: rows.map((row) => ({ at: row.at, values: [row.demand, row.one, row.other] })),
  })
  return (
    <ChartFigure
      title="Capacity and demand"
      unit={unit}
      fileName={`${fileName}-capacity`}
      table={table}
      legend={[
        { mark: 'line', label: 'demand' },
        { mark: 'action', label: titles.one },
        { mark: 'dashed', label: titles.other },
      ]}
      aside={
        <span className="flex flex-wrap items-center gap-2">
          <Select
            label="First policy"
            value={one}
            options={options}
            onChange={(next) => onChoose({ one: next })}
          />
          <span className="text-muted">and</span>
          <Select
            label="Second policy"
            value={other}
            options={options}
            onChange={(next) => onChoose({ other: next })}
          />
        </span>
      }
    >
      <TimePlot
        label={`Demand in ${unit}, and the capacity of ${titles.one} and ${titles.other}`}
        unit={unit}
        from={Date.parse(report.from)}
        to={Date.parse(report.to)}
        rows={rows}
        highest={highest}
        valueMarks={4}
        timeMarks={8}
        height={260}
        tooltip={(row, zone) => (
          <TooltipBox at={row.at} zone={zone}>
            <TooltipLine
              term="demand"
              value={row.demand === null ? 'not measured' : formatQuantity(row.demand, unit)}
              color="var(--ink)"
            />
            <TooltipLine term={titles.one} value={formatQuantity(row.one, unit)} color="var(--action)" />
            <TooltipLine term={titles.other} value={formatQuantity(row.other, unit)} color="var(--muted)" />
          </TooltipBox>
        )}
      >
        <Line
          dataKey="other"
          type="stepAfter"
          stroke="var(--muted)"
          strokeWidth={1.5}
          strokeDasharray="3 2"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="one"
          type="stepAfter"
          stroke="var(--action)"
          strokeWidth={1.75}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="demand"
          stroke="var(--ink)"
          strokeWidth={1.25}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      </TimePlot>
    </ChartFigure>
  )
}
