'use client'
import { useEffect, useState } from 'react'
import { InvitationForm } from './invitation-form.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** The way in: for who was invited, a password first. */
export function SignIn() {
  const [invitation, setInvitation] = useState<string | null>(null)
  // Behind "#", so that neither logs nor other sites get to see it; gone from the address once it was read.
  useEffect(() => {
    const token = /^#invitation=([0-9a-f]{64})$/.exec(window.location.hash)?.[1]
    if (!token) return
    setInvitation(token)
    window.history.replaceState(null, '', window.location.pathname)
  }, [])
  return invitation ? <InvitationForm token={invitation} /> : <SignInForm />
}
