import { ScrollAcross } from '../ui/scroll-across.tsx'
import type { FieldChange } from './policy-fields.ts'

/** Field by field: as it was, and as it will be. */
export function ChangeTable({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ScrollAcross label="What changes">
      <table className="w-full text-sm">
        <caption className="sr-only">What changes</caption>
        <thead>
          <tr className="border-b">
            <th scope="col" className="eyebrow h-7 text-left">
              field
            </th>
            <th scope="col" className="eyebrow h-7 px-2 text-right">
              before
            </th>
            <th scope="col" className="eyebrow h-7 pl-2 text-right">
              after
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ label, before, after }) => (
            <tr key={label} className="border-b align-baseline last:border-b-0">
              <th scope="row" className="py-1.5 text-left font-normal">
                {label}
              </th>
              <td className="num px-2 py-1.5 text-right text-muted">
                {before ? <del className="no-underline">{before}</del> : 'none'}
              </td>
              <td className="num py-1.5 pl-2 text-right font-medium">
                <ins className="no-underline">{after}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}
