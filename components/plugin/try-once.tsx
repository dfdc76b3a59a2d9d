import type { ReactNode } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'

/** Asks something that answers over HTTP once, to see what it says. */
export function TryOnce({ pending, onTry }: { pending: boolean; onTry: () => void }) {
  return (
    <Button size="sm" className="w-fit" disabled={pending} onClick={onTry}>
      {pending ? 'Asking it once' : 'Try it once'}
    </Button>
  )
}

type Trial<Answer> = { error: unknown; data: Answer | undefined }

/** What came of that: nothing yet, why it was not asked, or the answer. */
export function TrialOutcome<Answer>({
  trial: { error, data },
  children,
}: {
  trial: Trial<Answer>
  children: (answer: Answer) => ReactNode
}) {
  if (error) {
    return (
      <Notice tone="breach" title="Not tried">
        {errorMessageOf(error)}
      </Notice>
    )
  }
  return data === undefined ? null : children(data)
}

/** What an admin may do about one that is connected. */
export function ManageConnected(props: {
  pending: boolean
  onTry: () => void
  onChange: () => void
  onRemove: () => void
}) {
  return (
    <div className="flex flex-wrap gap-2">
      <TryOnce pending={props.pending} onTry={props.onTry} />
      <Button size="sm" onClick={props.onChange}>
        Change
      </Button>
      <Button size="sm" variant="danger" onClick={props.onRemove}>
        Remove
      </Button>
    </div>
  )
}
