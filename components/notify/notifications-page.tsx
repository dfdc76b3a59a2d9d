'use client'
import { useQuery } from '@tanstack/react-query'
import { BellPlus } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import type { ChannelView } from '../../server/notify/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { ChannelsTable } from './channels-table.tsx'
import { DeliveriesTable } from './deliveries-table.tsx'

const views = ['channels', 'notices'] as const

/** Who is told of what, and whether it arrived. */
export function NotificationsPage() {
  const trpc = useTRPC()
  const [view, setView] = useQueryState('view', parseAsStringLiteral(views).withDefault('channels'))
  const [editing, setEditing] = useState<ChannelView | 'new' | null>(null)
  const mayManage = useMay('notifier.manage')
  const channels = useQuery(trpc.notifier.list.queryOptions())
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="Notifications"
        actions={
          mayManage ? (
            <Button variant="primary" onClick={() => setEditing('new')}>
              <BellPlus aria-hidden />
              New channel
            </Button>
          ) : null
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
        <Tabs
          label="Channels and notices"
          value={view}
          onChange={(next) => void setView(next)}
          tabs={[
            {
              value: 'channels',
              label: 'Channels',
              content: (
                <Loaded what="Channels" query={channels}>
                  {(rows) => <ChannelsTable rows={rows} mayManage={mayManage} onChange={setEditing} />}
                </Loaded>
              ),
            },
            {
              value: 'notices',
              label: 'What was told',
              content: <DeliveriesTable mayManage={mayManage} />,
            },
          ]}
        />
      </div>
      {editing === null ? null : (
        <ChannelDialog channel={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </div>
  )
}
