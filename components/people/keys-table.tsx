'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ApiKeyView } from '../../server/auth/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime, useNow } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { formatCount } from '../ui/format.ts'
import { EmptyState, Notice } from '../ui/states.tsx'
import { formatDay } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'
import { endsSoon, KeyExpiry } from './key-expiry.tsx'

const states: Record<ApiKeyView['state'], { word: string; tone: Tone }> = {
  active: { word: 'active', tone: 'verified' },
  expired: { word: 'expired', tone: 'neutral' },
  revoked: { word: 'revoked', tone: 'breach' },
  'owner-inactive': { word: 'owner shut out', tone: 'wait' },
}

/** Every API key that was ever made; never the keys themselves. */
export function KeysTable({ rows, mayRevoke }: { rows: readonly ApiKeyView[]; mayRevoke: boolean }) {
  const [sort, setSort] = useSort({ id: 'created', direction: 'desc' }, 'keysort')
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null)
  const now = useNow()
  const ending = rows.filter(({ state, expiresAt }) => state === 'active' && endsSoon(expiresAt, now))
  const columns: Column<ApiKeyView>[] = [
    {
      id: 'name',
      header: 'name',
      sortBy: ({ name }) => name,
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    {
      id: 'state',
      header: 'state',
      sortBy: ({ state }) => state,
      cell: ({ state }) => <Badge tone={states[state].tone}>{states[state].word}</Badge>,
    },
    { id: 'prefix', header: 'begins with', cell: ({ prefix }) => <span className="num">{prefix}…</span> },
    { id: 'scopes', header: 'scopes', cell: ({ scopes }) => scopes.join(', ') },
    { id: 'owner', header: 'acts for', sortBy: ({ owner }) => owner.name, cell: ({ owner }) => owner.name },
    {
      id: 'used',
      header: 'last used',
      sortBy: ({ lastUsedAt }) => lastUsedAt ?? '',
      cell: ({ lastUsedAt }) =>
        lastUsedAt ? <RelativeTime at={lastUsedAt} /> : <span className="text-muted">never</span>,
    },
    {
      id: 'expires',
      header: 'expires',
      sortBy: ({ expiresAt }) => expiresAt ?? '9999',
      cell: ({ expiresAt }) => <KeyExpiry expiresAt={expiresAt} />,
    },
    {
      id: 'created',
      header: 'made',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} format={formatDay} />,
    },
    {
      id: 'act',
      header: 'actions',
      cell: (key) =>
        mayRevoke && key.state === 'active' ? (
          <Button size="sm" variant="quiet" onClick={() => setRevoking(key)}>
            Revoke<span className="sr-only"> {key.name}</span>
          </Button>
        ) : null,
    },
  ]
  return (
    <>
      {ending.length ? (
        <div className="mb-2">
          <Notice tone="wait" title={`${formatCount(ending.length, 'key')} will end within two weeks`}>
            {ending.map(({ name }) => name).join(', ')}: make the successor and change over before that.
          </Notice>
        </div>
      ) : null}
      <DataTable
        label="API keys"
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => void setSort(next)}
        className="max-h-[70dvh]"
        empty={
          <EmptyState title="No API keys yet">
            A key lets Prometheus, an OpenTelemetry collector or a script act for a person, within that
            person’s roles.
          </EmptyState>
        }
      />
      {revoking ? <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKeyView; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('apiKey')
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`Revoked ${apiKey.name}`)
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={`Revoke ${apiKey.name}`}
      description="Whatever uses it is refused from its next request on. This cannot be undone."
      act="Revoke the key"
      acting="Revoking"
      danger
      pending={revoke.isPending}
      failed="Not revoked"
      error={revoke.error && errorMessageOf(revoke.error)}
      onSend={() => revoke.mutate({ keyId: apiKey.id })}
      onClose={onClose}
    >
      <p>
        It acts for {apiKey.owner.name} with {apiKey.scopes.join(', ')}, and was{' '}
        {apiKey.lastUsedAt ? (
          <>
            last used <RelativeTime at={apiKey.lastUsedAt} />
          </>
        ) : (
          'never used'
        )}
        .
      </p>
    </FormDialog>
  )
}
