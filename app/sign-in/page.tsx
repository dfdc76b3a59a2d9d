import type { Metadata } from 'next'
import { Suspense } from 'react'
import { SignIn } from '../../components/sign-in/sign-in.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-88 flex-col justify-center gap-6 px-4 py-8">
      <div>
        <p className="font-medium text-muted text-sm">InfraSage</p>
        <h1 className="font-semibold text-lg">Sign in</h1>
      </div>
      <Suspense>
        <SignIn />
      </Suspense>
    </main>
  )
}
