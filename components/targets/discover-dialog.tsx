'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type DiscoveryView, mostMapped } from '../../server/dispatch/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { formatMoney } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState, Notice } from '../ui/states.tsx'
import { FoundItem } from './found-item.tsx'
import { beginChoice, type Choice, type FoundRow, isComplete, keyOf, mappedAs } from './mapping.ts'

/** Rows that are drawn at once; the search finds the others. */
const shown = 100

type DiscoverDialogProps = { connectionId: string; connectionName: string; onClose: () => void }

/** What a cluster has, to choose from and to map to workloads, all in one go. */
export function DiscoverDialog({ connectionId, connectionName, onClose }: DiscoverDialogProps) {
  const trpc = useTRPC()
  const refresh = useRefresh('target')
  const [namespace, setNamespace] = useState('')
  const query = useQuery(
    trpc.target.discover.queryOptions(
      { connectionId, namespace: namespace || null },
      { staleTime: 60_000, retry: false },
    ),
  )
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const domains = useQuery(trpc.domain.list.queryOptions()).data ?? []
  const places = domains.flatMap(({ title, offerings }) =>
    offerings.map(({ id, hardwareClass, pricePerReplicaHourUsd: price }) => ({
      value: id,
      label: `${title}: ${hardwareClass}, ${formatMoney(price, { per: 'h' })}`,
    })),
  )
  const [search, setSearch] = useState('')
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map())
  const map = useMutation(
    trpc.target.map.mutationOptions({
      onSuccess: async ({ mapped }) => {
        await refresh()
        toast(`${mapped} ${mapped === 1 ? 'target' : 'targets'} mapped`)
        onClose()
      },
    }),
  )
  const put = (row: FoundRow, choice: Choice | null) => {
    const next = new Map(choices)
    if (choice === null) next.delete(keyOf(row))
    else next.set(keyOf(row), choice)
    setChoices(next)
  }
  const send = () => {
    const rows = query.data?.found ?? []
    const targets = rows.flatMap((row) => {
      const choice = choices.get(keyOf(row))
      return choice ? [mappedAs(row, choice)] : []
    })
    map.mutate({ connectionId, targets })
  }
  const complete = [...choices.values()].every(isComplete)
  return (
    <FormDialog
      title={`What ${connectionName} has`}
      description="Choose what holds your workloads. Each is read, and a write is rehearsed without being made, before any is kept."
      wide
      act={choices.size > 1 ? `Map ${choices.size} targets` : 'Map the target'}
      acting="Trying them"
      pending={map.isPending}
      ready={choices.size > 0 && choices.size <= mostMapped && complete}
      failed="None was mapped"
      error={map.error && errorMessageOf(map.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Namespace" hint="Empty: the whole cluster, as far as the connection may list it.">
        {(ids) => (
          <Input {...ids} defaultValue="" onBlur={(event) => setNamespace(event.target.value.trim())} />
        )}
      </Field>
      <Loaded what="What the cluster has" query={query}>
        {(view) => (
          <>
            <Unseen view={view} />
            <Input
              type="search"
              aria-label="Search what was found"
              placeholder="Search namespace, kind or name"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <FoundList
              whole={view.unreadable.length === 0}
              rows={view.found.filter(({ label }) =>
                label.toLowerCase().includes(search.trim().toLowerCase()),
              )}
            >
              {(row) => (
                <FoundItem
                  key={keyOf(row)}
                  row={row}
                  choice={choices.get(keyOf(row))}
                  workloads={workloads.map(({ id, title }) => ({ value: id, label: title }))}
                  places={places}
                  onChoose={(chosen) => put(row, chosen ? beginChoice(row) : null)}
                  onChange={(choice) => put(row, choice)}
                />
              )}
            </FoundList>
          </>
        )}
      </Loaded>
    </FormDialog>
  )
}

type FoundListProps = {
  rows: FoundRow[]
  /** Whether everything could be listed. */
  whole: boolean
  children: (row: FoundRow) => React.ReactNode
}

function FoundList({ rows, whole, children }: FoundListProps) {
  if (rows.length === 0 && !whole) {
    return (
      <EmptyState title="Nothing that fits could be seen" className="px-0">
        The connection may not list all of it. What that needs is under “Rights”, with “Finding targets, too”;
        one object can also be named by hand, with “Target”.
      </EmptyState>
    )
  }
  if (rows.length === 0) {
    return (
      <EmptyState title="Nothing to map" className="px-0">
        No Deployment, autoscaler, model server, job or node pool of this cluster fits.
      </EmptyState>
    )
  }
  return (
    <>
      <ul aria-label="Found">{rows.slice(0, shown).map(children)}</ul>
      {rows.length > shown ? (
        <p className="text-muted text-xs">
          The first {shown} of {rows.length}; search for the others.
        </p>
      ) : null}
    </>
  )
}

/** What the look did not see: kinds that may not be listed, and kinds of which there are too many. */
function Unseen({ view: { unreadable, cut } }: { view: DiscoveryView }) {
  if (unreadable.length === 0 && cut.length === 0) return null
  return (
    <Notice tone="wait" title="Not all of it could be seen">
      <ul>
        {unreadable.map(({ kind, why }) => (
          <li key={kind}>
            {kind}: {why}
          </li>
        ))}
        {cut.map((kind) => (
          <li key={kind}>{kind}: there are more than the first thousand</li>
        ))}
      </ul>
    </Notice>
  )
}
