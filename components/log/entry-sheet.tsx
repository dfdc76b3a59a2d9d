'use client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX, Download } from 'lucide-react'
import Link from 'next/link'
import { type AuditEntryView, actorWordsOf, type InclusionProof } from '../../server/audit/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { download } from '../charts/csv.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { inclusionHolds } from './inclusion.ts'

/** One entry: what it says, and the proof that it is part of the log that a checkpoint signs. */
export function EntrySheet({ seq, onClose }: { seq: number; onClose: () => void }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.audit.list.queryOptions({ cursor: seq + 1, limit: 1 }))
  return (
    <Sheet onClose={onClose} wide title={`Entry ${seq}`}>
      <Loaded what={`Entry ${seq}`} query={query}>
        {({ entries: [entry] }) =>
          entry?.seq === seq ? (
            <Entry entry={entry} />
          ) : (
            <EmptyState title={`There is no entry ${seq}`} className="px-0">
              The log has no such number, or the entry was removed; the state of the log above says which.
            </EmptyState>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function Entry({ entry }: { entry: AuditEntryView }) {
  return (
    <div className="flex flex-col gap-6">
      <Facts
        facts={[
          { term: 'when', value: <Moment at={entry.at} /> },
          { term: 'what', value: `${entry.stage}: ${entry.action}` },
          { term: 'about', value: <Subject entry={entry} /> },
          { term: 'who', value: actorWordsOf(entry) || 'not said' },
        ]}
      />
      <Section title="What it says">
        <pre className="num whitespace-pre-wrap break-words rounded-md border bg-sunken p-2 text-xs">
          {readable(entry.canonical)}
        </pre>
      </Section>
      <Proof entry={entry} />
      <Section title="Its place in the chain">
        <Facts
          facts={[
            { term: 'hash', value: <Hash value={entry.hash} /> },
            { term: 'after', value: <Hash value={entry.prevHash} /> },
          ]}
        />
      </Section>
    </div>
  )
}

function Hash({ value }: { value: string }) {
  return <span className="break-all text-xs">{value}</span>
}

const decisionIn = /"decisionId":"([0-9a-f-]{36})"/

/** The subject, with a way to the decision that the entry is about. */
function Subject({ entry }: { entry: AuditEntryView }) {
  const { link } = useEnvironment()
  const [kind, id] = entry.subject.split('/')
  const decision = kind === 'decision' ? id : decisionIn.exec(entry.canonical)?.[1]
  return (
    <>
      <span className="break-all">{entry.subject}</span>{' '}
      {decision ? (
        <Link className="ml-1 font-sans underline" href={link(`/decisions/${decision}`)}>
          its decision
        </Link>
      ) : null}
    </>
  )
}

function Proof({ entry }: { entry: AuditEntryView }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.audit.proveInclusion.queryOptions({ seq: entry.seq }, { retry: false }))
  const save = (proof: InclusionProof) =>
    download(`entry-${entry.seq}-proof.json`, `${JSON.stringify(proof, null, 2)}\n`, 'application/json')
  return (
    <Section
      title="Proof"
      aside={
        query.data ? (
          <Button variant="quiet" onClick={() => save(query.data)}>
            <Download aria-hidden />
            Save the proof
          </Button>
        ) : null
      }
    >
      {query.data ? (
        <Holds proof={query.data} />
      ) : (
        <p className="text-muted">{query.error ? errorMessageOf(query.error) : 'Fetching the hashes…'}</p>
      )}
    </Section>
  )
}

function Holds({ proof }: { proof: InclusionProof }) {
  const { checkpoint, path, entry } = proof
  const holds = useQuery({
    queryKey: ['inclusion', entry.hash, checkpoint.signature],
    queryFn: () => inclusionHolds(proof),
    staleTime: Number.POSITIVE_INFINITY,
  }).data
  const Icon = holds ? CircleCheck : CircleX
  return (
    <>
      {holds === undefined ? null : holds === null ? (
        <p className="text-muted">This browser cannot compute hashes here; save the proof and verify it.</p>
      ) : (
        <p className={`flex items-center gap-1.5 ${holds ? 'text-verified' : 'text-breach'}`}>
          <Icon aria-hidden className="size-4 shrink-0" />
          {holds
            ? `${formatCount(path.length, 'hash', 'hashes')} lead from this entry to the root that the checkpoint signs; computed in this browser.`
            : 'This entry is not part of what the checkpoint signs.'}
        </p>
      )}
      <Facts
        facts={[
          {
            term: 'checkpoint',
            value: <Moment at={checkpoint.at} />,
            note: `over ${checkpoint.size} entries`,
          },
          { term: 'root', value: <Hash value={checkpoint.rootHash ?? 'none'} /> },
          { term: 'signed by key', value: checkpoint.keyId },
        ]}
      />
    </>
  )
}

function readable(canonical: string): string {
  try {
    return JSON.stringify(JSON.parse(canonical), null, 2)
  } catch {
    return canonical
  }
}
