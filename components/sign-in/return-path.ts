/** A path of this site to go on to; anything that would lead elsewhere becomes the overview. */
export function returnPath(from: string | null, origin: string): string {
  if (!from || !URL.canParse(from, origin)) return '/'
  const url = new URL(from, origin)
  return url.origin === origin && url.pathname !== '/sign-in'
    ? `${url.pathname}${url.search}${url.hash}`
    : '/'
}
