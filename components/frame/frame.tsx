'use client'
import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTRPC } from '../api/provider.tsx'
import { useLiveInvalidation } from '../api/use-live-invalidation.ts'
import { Button } from '../ui/button.tsx'
import { CommandKey } from '../ui/kbd.tsx'
import { useKeys } from '../ui/keys.ts'
import { Select } from '../ui/select.tsx'
import { CommandPalette } from './command-palette.tsx'
import { useEnvironment } from './environment.ts'
import { KeyHelp } from './key-help.tsx'
import { BottomBar, Rail } from './rail.tsx'
import { BrokenLogNotice, SandboxNotice, StatusLine } from './status-line.tsx'
import { GlassNotices, StopNotice } from './stop-notice.tsx'
import { SwitchButton } from './switch-button.tsx'
import { UserMenu } from './user-menu.tsx'

const everywhere = 'all environments'

/** The rail, the bar with the state of the system, and the page between them. */
export function Frame({ children }: { children: ReactNode }) {
  const trpc = useTRPC()
  const { isLive } = useLiveInvalidation()
  const status = useQuery(trpc.status.get.queryOptions(undefined, { refetchInterval: 15_000 })).data
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  useKeys({ '?': () => setHelp(true) })
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      {status && !status.log.ok ? <BrokenLogNotice log={status.log} /> : null}
      {status?.sandbox ? <SandboxNotice real={status.delivery.real} /> : null}
      {status?.switch.engaged ? <StopNotice state={status.switch} /> : null}
      {status ? <GlassNotices glass={status.glass} /> : null}
      <div className="flex min-h-0 flex-1">
        <Rail waiting={status?.waiting} />
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="shrink-0 border-b">
            <div className="flex h-12 items-center gap-2 px-3 md:px-4">
              <EnvironmentFilter />
              <Button
                className="min-w-0 shrink-0 justify-between text-muted md:w-56 min-[1400px]:w-44"
                aria-keyshortcuts="Meta+K Control+K"
                onClick={() => setPalette(true)}
              >
                <span className="flex items-center gap-2">
                  <Search aria-hidden />
                  Go to
                </span>
                <span aria-hidden="true" className="num hidden text-2xs md:inline">
                  <CommandKey name="K" />
                </span>
              </Button>
              <div className="ml-auto hidden min-w-0 overflow-x-auto px-2 min-[1400px]:block">
                <StatusLine status={status} isLive={isLive} />
              </div>
              <div className="ml-auto flex shrink-0 items-center gap-2 min-[1400px]:ml-0">
                {status && !status.switch.engaged ? <SwitchButton state={status.switch} /> : null}
                <UserMenu />
              </div>
            </div>
            <section
              aria-label="State of the system"
              className="relative flex h-7 items-center overflow-x-auto border-t px-3 md:px-4 min-[1400px]:hidden"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
              tabIndex={0}
            >
              <StatusLine status={status} isLive={isLive} />
            </section>
          </header>
          <main id="page" className="min-h-0 flex-1 overflow-y-auto">
            {children}
          </main>
        </div>
      </div>
      <BottomBar waiting={status?.waiting} />
      <CommandPalette open={palette} onOpenChange={setPalette} />
      <KeyHelp open={help} onOpenChange={setHelp} />
    </div>
  )
}

function EnvironmentFilter() {
  const trpc = useTRPC()
  const { environment, setEnvironment } = useEnvironment()
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const names = [...new Set([...workloads.map((workload) => workload.environment), environment ?? ''])]
  const options = [everywhere, ...names.filter(Boolean).sort()].map((value) => ({ value, label: value }))
  return (
    <Select
      label="Environment"
      value={environment ?? everywhere}
      options={options}
      onChange={(value) => void setEnvironment(value === everywhere ? null : value)}
    />
  )
}
