'use client'
import { ProviderButton } from '../sign-in/provider-button.tsx'
import { Section } from '../ui/facts.tsx'

/** Whether the identity provider vouches for oneself, and the way to have it do so. */
export function ConnectProvider({ connected }: { connected: boolean }) {
  return (
    <Section title="Identity provider">
      <div className="flex flex-col items-start gap-3">
        <p className="text-muted">
          {connected
            ? 'It vouches for you: your roles and groups are set by it at each sign-in.'
            : 'Where one is set, it can vouch for you. Then your password here no longer holds, and your roles are set by it at each sign-in.'}
        </p>
        {connected ? null : <ProviderButton act="Connect to" from="/account" />}
      </div>
    </Section>
  )
}
