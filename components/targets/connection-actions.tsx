import { Ellipsis } from 'lucide-react'
import type { ConnectionView } from '../../server/dispatch/contract.ts'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'

type ConnectionActionsProps = {
  connection: ConnectionView
  mayManage: boolean
  /** A try of this or another connection is under way. */
  trying: 'this' | 'another' | null
  onTry: () => void
  onRights: () => void
  onFind: () => void
  onLimit: () => void
  onReplace: () => void
  onRemove: () => void
}

/** What can be done about one connection: the try at hand, the rest behind it, so that all of it is in sight at any width. */
export function ConnectionActions({
  connection,
  mayManage,
  trying,
  onTry,
  onRights,
  onFind,
  onLimit,
  onReplace,
  onRemove,
}: ConnectionActionsProps) {
  const cluster = connection.adapter === 'kubernetes'
  if (!mayManage && !cluster) return null
  return (
    <span className="flex justify-end gap-1">
      {mayManage ? (
        <Button size="sm" className="max-sm:hidden" disabled={trying !== null} onClick={onTry}>
          {trying === 'this' ? 'Trying' : 'Try it now'}
          <span className="sr-only">: {connection.name}</span>
        </Button>
      ) : null}
      <Menu
        trigger={
          <Button size="sm" variant="quiet" aria-label={`More about ${connection.name}`}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {mayManage ? (
          <MenuItem className="sm:hidden" onSelect={onTry}>
            Try it now
          </MenuItem>
        ) : null}
        {cluster ? <MenuItem onSelect={onRights}>Rights</MenuItem> : null}
        {cluster && mayManage ? <MenuItem onSelect={onFind}>Find targets</MenuItem> : null}
        {cluster && mayManage ? <MenuItem onSelect={onReplace}>New settings</MenuItem> : null}
        {mayManage ? <MenuItem onSelect={onLimit}>Rate</MenuItem> : null}
        {mayManage ? <MenuItem onSelect={onRemove}>Remove</MenuItem> : null}
      </Menu>
    </span>
  )
}
