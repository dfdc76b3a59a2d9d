'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, Copy, Download } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { ConnectionRightsInput, ConnectionView } from '../../server/dispatch/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { download } from '../charts/csv.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Field, Input, Textarea } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { EmptyState } from '../ui/states.tsx'

const whom = [
  { value: 'account', label: 'a service account' },
  { value: 'user', label: 'a user' },
] as const
const extras = [
  {
    value: 'discovery',
    label: 'Finding targets, too',
    hint: 'Lists every kind of target in the whole cluster, and changes nothing.',
  },
] as const

type Rights = Omit<ConnectionRightsInput, 'connectionId'>

function rightsFor(kind: 'account' | 'user', text: string, discovery: boolean): Rights {
  const trimmed = text.trim()
  if (kind === 'user') return { user: trimmed, discovery }
  const [namespace = '', name = ''] = trimmed.split('/')
  return { serviceAccount: { namespace, name }, discovery }
}

/** What has to be granted in a cluster for exactly the targets that are mapped, as manifests to take away. */
export function RightsSheet({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  const trpc = useTRPC()
  const [kind, setKind] = useState<'account' | 'user'>('account')
  const [texts, setTexts] = useState({ account: 'infrasage/infrasage', user: '' })
  const [chosen, setChosen] = useState<'discovery'[]>([])
  const [also, setAlso] = useState('')
  const [copied, setCopied] = useState<string | null>(null)
  const discovery = chosen.includes('discovery')
  // Without a name there is nobody to grant anything to; the manifest of the account stands in until there is.
  const named = kind === 'user' && texts.user.trim() === '' ? 'account' : kind
  const wanted = useDeferredValue({
    ...rightsFor(named, texts[named], discovery),
    also: also.split(/[\s,]+/).filter((each) => each !== ''),
  })
  const query = useQuery(
    trpc.target.rights.queryOptions(
      { connectionId: connection.id, ...wanted },
      { placeholderData: keepPreviousData },
    ),
  )
  const manifest = query.data?.manifest
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    setCopied(text)
  }
  return (
    <Sheet
      onClose={onClose}
      wide
      title={`Rights in ${connection.name}`}
      description="The least that its targets need. Somebody who may grant it applies this with kubectl; nothing is applied from here."
      footer={
        manifest ? (
          <>
            <Button onClick={() => void copy(manifest)}>
              {copied === manifest ? <Check aria-hidden /> : <Copy aria-hidden />}
              <span aria-live="polite">{copied === manifest ? 'Copied' : 'Copy'}</span>
            </Button>
            <Button
              variant="primary"
              onClick={() => download(`infrasage-${connection.name}.yaml`, manifest, 'application/yaml')}
            >
              <Download aria-hidden />
              Download
            </Button>
          </>
        ) : null
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-col items-start gap-1">
          <p className="font-medium text-xs">Granted to</p>
          <Segmented label="Granted to" value={kind} options={whom} onChange={setKind} />
        </div>
        {kind === 'account' ? (
          <Field label="Service account" hint="Its namespace, “/”, its name.">
            {(ids) => (
              <Input
                {...ids}
                value={texts.account}
                onChange={(event) => setTexts({ ...texts, account: event.target.value })}
              />
            )}
          </Field>
        ) : (
          <Field label="User" hint="As the API server calls it: “known as” of a test says it.">
            {(ids) => (
              <Input
                {...ids}
                value={texts.user}
                onChange={(event) => setTexts({ ...texts, user: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field
          label="Objects that are to become targets"
          hint="Naming a target reads it, which needs these rights first: namespace/Kind/name, one a line."
        >
          {(ids) => (
            <Textarea
              {...ids}
              rows={2}
              spellCheck={false}
              placeholder="models/Deployment/chat"
              value={also}
              onChange={(event) => setAlso(event.target.value)}
            />
          )}
        </Field>
        <CheckList label="Beside the targets" options={extras} value={chosen} onChange={setChosen} />
        <Loaded what="The manifest" query={query}>
          {({ manifest: text, targets }) =>
            text === null || (targets === 0 && !discovery) ? (
              <EmptyState title="Nothing to grant" className="px-0">
                No target is mapped through this connection yet.
              </EmptyState>
            ) : (
              <ScrollAcross label="Manifest" className="rounded-md border bg-sunken px-3 py-2">
                <pre className="num whitespace-pre text-xs [word-spacing:0]">{text}</pre>
              </ScrollAcross>
            )
          }
        </Loaded>
      </div>
    </Sheet>
  )
}
