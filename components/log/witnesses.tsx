'use client'
import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { toast } from 'sonner'
import type { WitnessView } from '../../server/audit/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { formatDuration } from '../ui/time.ts'

const kinds: Record<WitnessView['kind'], string> = { webhook: 'webhook', file: 'file', s3: 'S3 store' }

/** Who else keeps checkpoints, up to which one, and what keeps them from holding the newest. */
export function Witnesses({ rows, mayRemove }: { rows: readonly WitnessView[]; mayRemove: boolean }) {
  const trpc = useTRPC()
  const refresh = useRefresh('audit')
  const remove = useMutation(
    trpc.audit.removeWitness.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error(errorMessageOf(error)),
    }),
  )
  if (rows.length === 0) {
    return (
      <p className="max-w-prose text-muted">
        None. Whoever has the signing key could write the log anew; a checkpoint that lies with somebody else
        shows it.
      </p>
    )
  }
  return (
    <ul className="border-t">
      {rows.map((row) => (
        <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-1.5">
          <span className="font-medium">{row.name}</span>
          <Badge tone={row.lastError ? 'breach' : row.heldSize === null ? 'wait' : 'verified'}>
            {row.lastError ? 'failing' : row.heldSize === null ? 'waits' : 'holds'}
          </Badge>
          <span className="text-muted">
            {kinds[row.kind]} {row.destination}, every {formatDuration(row.everySeconds)}
          </span>
          <span className="num ml-auto text-xs">
            {row.heldSize === null || row.heldAt === null ? (
              'holds nothing yet'
            ) : (
              <>
                {row.heldSize} entries, <Moment at={row.heldAt} />
              </>
            )}
          </span>
          {mayRemove ? (
            <Button
              variant="quiet"
              size="icon"
              aria-label={`Remove the witness ${row.name}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: row.id })}
            >
              <Trash2 aria-hidden />
            </Button>
          ) : null}
          {row.lastError ? (
            <p className="basis-full text-breach text-xs">
              {row.lastError}. Tried again <Moment at={row.dueAt} />.
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
