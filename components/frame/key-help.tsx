'use client'
import { Dialog } from '../ui/dialog.tsx'
import { CommandKey, Kbd } from '../ui/kbd.tsx'

const keys: { keys: string[]; command?: boolean; does: string }[] = [
  { keys: ['j', 'k'], does: 'next and previous proposal' },
  { keys: ['Enter'], does: 'open what the cursor is on' },
  { keys: ['a'], does: 'approve' },
  { keys: ['o'], does: 'override: change the numbers' },
  { keys: ['r'], does: 'reject' },
  { keys: ['s'], does: 'snooze: put it off until a time' },
  { keys: ['x', 'X'], does: 'select a proposal, or all; a and r then decide on them together' },
  { keys: ['u'], does: 'undo an approval before it is carried out' },
  { keys: ['/'], does: 'search the inbox' },
  { keys: ['b'], does: 'on a workload: look back at what was said then' },
  { keys: ['[', ']'], does: 'a step earlier and later, { and } a long one' },
  { keys: ['K'], command: true, does: 'go to a page, workload or proposal' },
  { keys: ['Esc'], does: 'close, or back to the list' },
  { keys: ['?'], does: 'this list' },
]

/** The keys, in one place. */
export function KeyHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys"
      description="None of them works while you type in a field."
    >
      <dl className="flex flex-col">
        {keys.map((entry) => (
          <div key={entry.does} className="flex h-8 items-center justify-between border-b last:border-b-0">
            <dt>{entry.does}</dt>
            <dd className="flex gap-1">
              {entry.keys.map((key) => (
                <Kbd key={key}>{entry.command ? <CommandKey name={key} /> : key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
