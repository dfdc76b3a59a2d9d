'use client'
import { Download, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useZone } from '../ui/clock.tsx'
import { formatQuantity } from '../ui/format.ts'
import { formatMoment } from '../ui/time.ts'
import { download, toCsv } from './csv.ts'
import { Legend, type LegendItem } from './legend.tsx'

/** The numbers behind a chart: one row per moment. */
export type ChartTable = {
  columns: string[]
  unit: string
  rows: { at: number; values: (number | null | undefined)[] }[]
}

/** A chart with its title, legend, the same as a table, and both as a file. */
export function ChartFigure({
  title,
  unit,
  legend,
  table,
  fileName,
  aside,
  children,
}: {
  title: string
  unit?: string
  legend?: readonly LegendItem[]
  table: () => ChartTable
  fileName: string
  aside?: ReactNode
  children: ReactNode
}) {
  const [asTable, setAsTable] = useState(false)
  const save = () => {
    const { columns, rows } = table()
    const lines = rows.map((row) => [new Date(row.at).toISOString(), ...row.values])
    download(`${fileName}.csv`, toCsv(['at', ...columns], lines))
  }
  return (
    <figure aria-label={title} className="min-w-0">
      <figcaption className="mb-1 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="eyebrow">
          {title}
          {unit ? <span className="num ml-1.5 font-normal text-faint">{unit}</span> : null}
        </span>
        {aside}
        <span className="ml-auto flex">
          <Button
            variant="quiet"
            size="sm"
            aria-pressed={asTable}
            aria-label={asTable ? `${title}: show the chart` : `${title}: show the numbers`}
            title={asTable ? 'Show the chart' : 'Show the numbers'}
            onClick={() => setAsTable(!asTable)}
          >
            <Table2 aria-hidden />
          </Button>
          <Button
            variant="quiet"
            size="sm"
            aria-label={`${title}: save as CSV`}
            title="Save as CSV"
            onClick={save}
          >
            <Download aria-hidden />
          </Button>
        </span>
      </figcaption>
      {asTable ? <NumberTable title={title} table={table()} /> : children}
      {legend && !asTable ? (
        <div className="mt-1 pl-11">
          <Legend items={legend} />
        </div>
      ) : null}
    </figure>
  )
}

function NumberTable({ title, table }: { title: string; table: ChartTable }) {
  const { zone } = useZone()
  return (
    <section
      aria-label={`${title}, as numbers`}
      className="relative max-h-72 overflow-auto border"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-sunken">
          <tr>
            <th scope="col" className="eyebrow h-7 px-2 text-left">
              at
            </th>
            {table.columns.map((column) => (
              <th key={column} scope="col" className="eyebrow h-7 px-2 text-right">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.at} className="h-6 border-t">
              <td className="num whitespace-nowrap px-2">{formatMoment(row.at, zone)}</td>
              {table.columns.map((column, i) => (
                <td key={column} className="num whitespace-nowrap px-2 text-right">
                  {formatQuantity(row.values[i], table.unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
