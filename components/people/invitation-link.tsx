'use client'
import type { InvitationView } from '../../server/auth/contract.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { Secret } from '../ui/secret.tsx'

/** The link by which a person chooses a password, shown this once. */
export function InvitationLink({ invitation: { path, expiresAt } }: { invitation: InvitationView }) {
  return (
    <div className="flex flex-col gap-2">
      <Secret label="Invitation link" value={`${window.location.origin}${path}`} />
      <p className="text-muted text-xs">
        Whoever opens it first chooses the password: hand it over by a channel you trust. It works once, and
        ends <RelativeTime at={expiresAt} />.
      </p>
    </div>
  )
}
