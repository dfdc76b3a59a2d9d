import type { SignInVisit } from '../sign-in.ts'

/** A visit of a browser that nobody knows yet. */
export const visitOf = (over: Partial<SignInVisit> = {}): SignInVisit => ({
  address: '203.0.113.1',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  sessionId: null,
  device: () => null,
  ...over,
})
