'use client'
import { Check, X } from 'lucide-react'
import Link from 'next/link'
import type { BatchResult, DecideBatchInput } from '../../server/governance/contract.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** What became of each, where not all went through; what was refused stands first. */
export function BatchResults({
  verdict,
  list,
  onClose,
}: {
  verdict: DecideBatchInput['verdict']
  list: readonly BatchResult[]
  onClose: () => void
}) {
  const word = verdict === 'approve' ? 'approved' : 'rejected'
  const refused = list.filter(({ refusal }) => refusal !== null)
  const done = list.filter(({ complete }) => complete).length
  const joined = list.length - refused.length - done
  const title = [
    `${done} of ${list.length} ${word}`,
    ...(joined > 0 ? [`${joined} wait for others`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ].join(', ')
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description="What was refused is as it was before; what went through stays."
      footer={
        <Button variant="primary" autoFocus onClick={onClose}>
          Back to the inbox
        </Button>
      }
    >
      <ul aria-label="Results">
        {[...refused, ...list.filter(({ refusal }) => refusal === null)].map((result) => (
          <li key={result.proposalId} className="flex items-baseline gap-2 border-b py-1.5 last:border-b-0">
            {result.refusal === null ? (
              <Check aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-verified" />
            ) : (
              <X aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-breach" />
            )}
            <span className="min-w-0">
              <span className="num text-muted">#{result.number}</span>{' '}
              <span className="font-medium">{result.workloadName}</span>{' '}
              {result.decisionId ? (
                <Link href={`/decisions/${result.decisionId}`} className="text-action hover:underline">
                  {result.complete ? word : 'your yes is kept; others are needed'}
                </Link>
              ) : (
                <span className="block text-muted text-xs">{result.refusal}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
