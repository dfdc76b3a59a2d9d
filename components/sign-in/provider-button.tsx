'use client'
import { getProviders, signIn } from 'next-auth/react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { returnPath } from './return-path.ts'

/** The way to the identity provider, where one is set. `from`: the path to come back to. */
export function ProviderButton({ act, from }: { act: string; from: string | null }) {
  const [name, setName] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  useEffect(() => {
    let gone = false
    getProviders()
      .then((providers) => {
        if (!gone) setName(providers?.oidc?.name ?? null)
      })
      .catch(() => undefined)
    return () => {
      gone = true
    }
  }, [])
  if (!name) return null
  const go = () => {
    setLeaving(true)
    void signIn('oidc', { callbackUrl: returnPath(from, window.location.origin) })
  }
  return (
    <Button disabled={leaving} onClick={go}>
      {leaving ? `Going to ${name}…` : `${act} ${name}`}
    </Button>
  )
}
