'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import type { SavedView } from '../../server/audit/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx'
import { noFilters, type SetLogFilters } from './log-filters.ts'

/** A person's own views of the log: the filters of the address under a name. */
export function SavedViews({ setFilters, canSave }: { setFilters: SetLogFilters; canSave: boolean }) {
  const trpc = useTRPC()
  const router = useRouter()
  const pathname = usePathname()
  const search = useSearchParams()
  const [naming, setNaming] = useState(false)
  const views = useQuery(trpc.view.list.queryOptions({ page: '/log' })).data ?? []
  const refresh = useRefresh('view')
  const remove = useMutation(
    trpc.view.remove.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error(errorMessageOf(error)),
    }),
  )
  const open = async (view: SavedView) => {
    await setFilters(noFilters)
    router.replace(`${pathname}?${view.query}`)
  }
  const current = search.toString()
  const shown = views.find(({ query }) => query === current)
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Bookmark aria-hidden />
            {shown?.name ?? 'Views'}
          </Button>
        }
      >
        {views.length === 0 ? <MenuLabel>No view is kept yet</MenuLabel> : null}
        {views.map((view) => (
          <MenuItem key={view.id} onSelect={() => void open(view)}>
            {view.name}
          </MenuItem>
        ))}
        <MenuSeparator />
        {shown ? (
          <MenuItem onSelect={() => remove.mutate({ id: shown.id })}>Forget “{shown.name}”</MenuItem>
        ) : (
          <MenuItem onSelect={() => canSave && setNaming(true)}>
            {canSave ? 'Keep this view…' : 'Narrow the log to keep a view'}
          </MenuItem>
        )}
      </Menu>
      {naming ? <KeepView query={current} onClose={() => setNaming(false)} /> : null}
    </>
  )
}

function KeepView({ query, onClose }: { query: string; onClose: () => void }) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const refresh = useRefresh('view')
  const save = useMutation(
    trpc.view.save.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title="Keep this view"
      description="The filters as they are, under a name of yours. Only you see it; a view of the same name is replaced."
      act="Keep"
      acting="Keeping"
      pending={save.isPending}
      ready={name.trim() !== ''}
      failed="Not kept"
      error={save.error && errorMessageOf(save.error)}
      onSend={() => save.mutate({ page: '/log', name, query })}
      onClose={onClose}
    >
      <Field label="Name">
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
