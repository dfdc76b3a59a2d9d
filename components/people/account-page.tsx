'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../api/provider.tsx'
import { useSession } from '../frame/session.tsx'
import { Badge } from '../ui/badge.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { ChangePassword } from './change-password.tsx'
import { ConnectProvider } from './connect-provider.tsx'
import { OwnKeys } from './own-keys.tsx'
import { OwnSecondFactor } from './own-second-factor.tsx'
import { OwnSessions } from './own-sessions.tsx'

/** One's own roles, groups, sessions, second factor, password and keys. */
export function AccountPage() {
  const trpc = useTRPC()
  const session = useSession()
  const account = useQuery(trpc.session.account.queryOptions())
  return (
    <div>
      <PageHead title={session?.name ?? 'Your account'}>
        <span>{session?.email}</span>
        {session?.roles.map((role) => (
          <Badge key={role}>{role}</Badge>
        ))}
        {session?.groups.length ? <span>member of {session.groups.join(', ')}</span> : null}
      </PageHead>
      <div className="grid max-w-5xl gap-x-10 gap-y-8 px-4 pt-2 pb-6 lg:grid-cols-2">
        <OwnSessions />
        <Loaded what="Your account" query={account}>
          {(own) => (
            <>
              <OwnSecondFactor account={own} />
              {own.hasPassword ? <ChangePassword first={own.firstPassword} /> : null}
              <ConnectProvider connected={own.fromProvider} />
              <OwnKeys keys={own.keys} />
            </>
          )}
        </Loaded>
      </div>
    </div>
  )
}
