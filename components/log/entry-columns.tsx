import { type AuditEntryView, actorWordsOf } from '../../server/audit/contract.ts'
import { Moment } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { NONE, shortHash } from '../ui/format.ts'
import { formatClockSeconds, formatDay, type ZoneChoice } from '../ui/time.ts'
import { wordsOf } from './entry-words.ts'

const toTheSecond = (at: number, zone: ZoneChoice) => `${formatDay(at, zone)} ${formatClockSeconds(at, zone)}`

/** The log's columns; order is the server's. */
export const entryColumns: Column<AuditEntryView>[] = [
  { id: 'seq', header: 'entry', align: 'right', cell: ({ seq }) => seq },
  { id: 'at', header: 'when', cell: ({ at }) => <Moment at={at} format={toTheSecond} /> },
  {
    id: 'action',
    header: 'what',
    cell: ({ stage, action }) => (
      <>
        <span className="text-muted">{stage}</span> <span className="font-medium">{action}</span>
      </>
    ),
  },
  {
    id: 'actor',
    header: 'who',
    cell: (entry) => actorWordsOf(entry) || <span className="text-faint">{NONE}</span>,
  },
  {
    id: 'words',
    header: 'about',
    cell: (entry) => {
      const words = wordsOf(entry)
      return (
        <span className="block max-w-[60ch] truncate text-muted" title={words}>
          {words}
        </span>
      )
    },
  },
  {
    id: 'hash',
    header: 'hash',
    cell: ({ hash }) => (
      <span className="num text-xs" title={hash}>
        {shortHash(hash)}
      </span>
    ),
  },
]
