import { errorCodeOf } from './errors.ts'

/** Goes to the sign-in page, and from there back to this one, when the server says that nobody is signed in. */
export function leaveWhenSignedOut(error: unknown): void {
  if (errorCodeOf(error) !== 'UNAUTHORIZED' || window.location.pathname === '/sign-in') return
  const from = `${window.location.pathname}${window.location.search}`
  window.location.assign(`/sign-in?from=${encodeURIComponent(from)}&ended=1`)
}
