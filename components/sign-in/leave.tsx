'use client'
import { signOut } from 'next-auth/react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'

/** Back to the beginning: what was begun is ended on the server. */
export function Leave() {
  const [leaving, setLeaving] = useState(false)
  useEffect(() => {
    if (leaving) void signOut({ callbackUrl: '/sign-in' })
  }, [leaving])
  return (
    <Button variant="quiet" disabled={leaving} onClick={() => setLeaving(true)}>
      Sign in as somebody else
    </Button>
  )
}
