'use client'
import { useSession } from '../frame/session.tsx'
import { Badge } from '../ui/badge.tsx'
import { PageHead } from '../ui/facts.tsx'
import { ChangePassword } from './change-password.tsx'
import { OwnSessions } from './own-sessions.tsx'

/** One's own roles, groups, sessions and password. */
export function AccountPage() {
  const session = useSession()
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
        <ChangePassword />
      </div>
    </div>
  )
}
