import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

/** Class of a cell that holds a figure. */
export const figureCell = 'num h-8 whitespace-nowrap px-2 text-right'

/** The head of a small table of figures: names on the left, numbers on the right. `children`: a last column without a head. */
export function FigureHead({ columns, children }: { columns: readonly string[]; children?: ReactNode }) {
  return (
    <thead>
      <tr className="border-b">
        {columns.map((name, i) => (
          <th
            key={name}
            scope="col"
            className={cn('eyebrow h-7 whitespace-nowrap px-2 text-right', i === 0 && 'pl-0 text-left')}
          >
            {name}
          </th>
        ))}
        {children}
      </tr>
    </thead>
  )
}
