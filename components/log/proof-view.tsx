'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Download, Plus, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { AuditCheckpointView, LogStatus } from '../../server/audit/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatNumber, shortHash } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { AddWitnessDialog } from './add-witness-dialog.tsx'
import { Witnesses } from './witnesses.tsx'

/** How far the log is proven: what was verified, the signed checkpoints, who else keeps them, and how to check by oneself. */
export function ProofView({ status }: { status: LogStatus | undefined }) {
  const trpc = useTRPC()
  const [adding, setAdding] = useState(false)
  const mayAdd = useMay('audit.witness')
  const checkpoints = useQuery(trpc.audit.checkpoints.queryOptions({ limit: 20 }))
  const witnesses = useQuery(trpc.audit.witnesses.queryOptions(undefined, { refetchInterval: 10_000 }))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto border-t px-4 py-4">
      <div className="grid gap-x-8 gap-y-6 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-6">
          {status ? (
            <Section title="Verified" aside={<VerifyNow status={status} />}>
              <Facts
                facts={[
                  { term: 'entries', value: formatNumber(status.entries, 0) },
                  { term: 'verified and sealed up to', value: formatNumber(status.verifiedSize, 0) },
                  {
                    term: 'sealed',
                    value: status.verifiedAt ? <Moment at={status.verifiedAt} /> : 'not yet',
                  },
                  {
                    term: 'all of it, from the first entry on',
                    value: status.wholeAt ? <Moment at={status.wholeAt} /> : 'not yet',
                    note: 'every hour, as a worker starts, and on asking; what is new every five seconds',
                  },
                ]}
              />
              {status.verifying ? (
                <p role="status" className="mt-1 text-wait">
                  All of it is being verified, asked for <RelativeTime at={status.verifying.since} /> (
                  {status.verifying.why}). A worker begins within seconds; this page says what it finds.
                </p>
              ) : null}
            </Section>
          ) : null}
          <Section
            title="Witnesses"
            aside={
              mayAdd ? (
                <Button onClick={() => setAdding(true)}>
                  <Plus aria-hidden />
                  Add a witness
                </Button>
              ) : null
            }
          >
            <Loaded what="Witnesses" query={witnesses} rows={2}>
              {(rows) => <Witnesses rows={rows} mayRemove={mayAdd} />}
            </Loaded>
          </Section>
          <ByOneself />
        </div>
        <Section title="Checkpoints">
          <Loaded what="Checkpoints" query={checkpoints} rows={8}>
            {(page) => <Checkpoints rows={page.checkpoints} />}
          </Loaded>
        </Section>
      </div>
      {adding ? <AddWitnessDialog onClose={() => setAdding(false)} /> : null}
    </div>
  )
}

/** Has all of the log verified now; one at a time. */
function VerifyNow({ status }: { status: LogStatus }) {
  const trpc = useTRPC()
  const refresh = useRefresh('audit', 'status')
  const mayVerify = useMay('audit.verify')
  const ask = useMutation(trpc.audit.verify.mutationOptions({ onSettled: refresh }))
  if (!mayVerify) return null
  const busy = ask.isPending || status.verifying !== null
  return (
    <span className="flex items-center gap-2">
      {ask.error ? (
        <span role="alert" className="text-breach text-xs">
          {errorMessageOf(ask.error)}
        </span>
      ) : null}
      <Button disabled={busy} onClick={() => ask.mutate()}>
        <ShieldCheck aria-hidden />
        {busy ? 'Verifying' : 'Verify now'}
      </Button>
    </span>
  )
}

function Checkpoints({ rows }: { rows: readonly AuditCheckpointView[] }) {
  if (rows.length === 0)
    return <p className="text-muted">None is signed yet; the first comes within seconds.</p>
  return (
    <ScrollAcross label="Signed checkpoints">
      <table className="w-full text-sm">
        <thead>
          <tr className="eyebrow text-left">
            <th className="h-8 border-b pr-3 text-right font-[inherit]">entries</th>
            <th className="border-b px-3 font-[inherit]">signed</th>
            <th className="border-b px-3 font-[inherit]">root of the tree</th>
            <th className="border-b px-3 font-[inherit]">key</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.size} className="whitespace-nowrap">
              <td className="num h-8 border-b pr-3 text-right">{row.size}</td>
              <td className="border-b px-3">
                <Moment at={row.at} />
              </td>
              <td className="num border-b px-3" title={row.rootHash ?? undefined}>
                {row.rootHash ? shortHash(row.rootHash) : 'none yet then'}
              </td>
              <td className="num border-b px-3">{row.keyId}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}

function ByOneself() {
  const mayExport = useMay('audit.export')
  return (
    <Section title="Check it by yourself">
      <div className="flex flex-col gap-2">
        <p className="max-w-prose text-muted">
          One file that needs nothing but Node and uses none of the server’s code. Read it, keep it, and keep
          a checkpoint from time to time: it shows a log that was cut short or written anew since.
        </p>
        <pre className="num whitespace-pre-wrap break-words rounded-md border bg-sunken p-2 text-xs">
          node verify-log.mjs export.jsonl --public-key audit.pub --checkpoint kept.json
        </pre>
        <div className="flex flex-wrap gap-2">
          <Button asChild>
            <a href="/verify-log.mjs" download>
              <Download aria-hidden />
              The verifier
            </a>
          </Button>
          {mayExport ? (
            <Button asChild>
              <a href="/api/v1/audit/export" download>
                <Download aria-hidden />
                The whole log
              </a>
            </Button>
          ) : null}
        </div>
      </div>
    </Section>
  )
}
