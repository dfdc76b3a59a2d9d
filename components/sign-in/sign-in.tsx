'use client'
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { ChoosePasswordForm } from './choose-password-form.tsx'
import { type SignInStage, signInStage } from './enter.ts'
import { returnPath } from './return-path.ts'
import { SecondStep } from './second-step.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** The way in, step by step; leads back to the page that asked for it. */
export function SignIn() {
  const search = useSearchParams()
  const from = search.get('from')
  const [invitation, setInvitation] = useState<string | null>(null)
  const [pending, setPending] = useState<Exclude<SignInStage, 'full'> | null>(null)
  const enterPage = useCallback(
    () => window.location.assign(returnPath(from, window.location.origin)),
    [from],
  )
  const goOn = useCallback(async () => {
    const stage = await signInStage()
    if (stage && stage !== 'full') setPending(stage)
    else enterPage()
  }, [enterPage])

  // Behind "#", so that neither logs nor other sites get to see it; gone from the address once it was read.
  useEffect(() => {
    const token = /^#invitation=([0-9a-f]{64})$/.exec(window.location.hash)?.[1]
    if (token) {
      setInvitation(token)
      window.history.replaceState(null, '', window.location.pathname)
      return
    }
    // A sign-in that was begun, perhaps at the identity provider, goes on where it was left.
    let gone = false
    void signInStage().then((stage) => {
      if (!gone && stage && stage !== 'full') setPending(stage)
    })
    return () => {
      gone = true
    }
  }, [])

  if (pending === 'new_password') return <ChoosePasswordForm token={null} onDone={() => void goOn()} />
  if (pending) return <SecondStep enrolment={pending === 'enrolment'} onDone={enterPage} />
  if (invitation) return <ChoosePasswordForm token={invitation} onDone={() => void goOn()} />
  return <SignInForm onDone={() => void goOn()} />
}
