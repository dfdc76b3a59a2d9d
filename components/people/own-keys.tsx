import type { ApiKeyView } from '../../server/auth/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { Section } from '../ui/facts.tsx'
import { KeyExpiry } from './key-expiry.tsx'

/** The API keys that act for oneself and still stand. */
export function OwnKeys({ keys }: { keys: readonly ApiKeyView[] }) {
  const standing = keys.filter(({ state }) => state === 'active')
  return (
    <Section title="API keys that act for you">
      {standing.length === 0 ? (
        <p className="text-muted">None. An admin makes them under People.</p>
      ) : (
        <ul className="flex flex-col">
          {standing.map((key) => (
            <li
              key={key.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 last:border-b-0"
            >
              <span className="font-medium">{key.name}</span>
              <span className="num text-muted">{key.prefix}…</span>
              {key.scopes.map((scope) => (
                <Badge key={scope}>{scope}</Badge>
              ))}
              <span className="ml-auto">
                <span className="text-muted">ends</span> <KeyExpiry expiresAt={key.expiresAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
