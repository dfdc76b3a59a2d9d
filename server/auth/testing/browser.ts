/** A browser without a screen: keeps cookies by origin, and follows redirects one at a time. */
export function headlessBrowser() {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string) => {
    const { origin } = new URL(url)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }
  const ask = async (url: string, form?: Record<string, string>) => {
    const jar = jarOf(url)
    const headers = {
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    }
    const body = form ? new URLSearchParams(form) : undefined
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', headers, body, redirect: 'manual' })
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = '', ...flags] = cookie.split('; ')
      const at = pair.indexOf('=')
      const gone = flags.some((flag) => /^(max-age=0|expires=thu, 01 jan 1970)/i.test(flag))
      if (gone) jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = answer.headers.get('location')
    return { status: answer.status, text: await answer.text(), next: location && new URL(location, url).href }
  }
  return { ask, cookies: (url: string) => jarOf(url) }
}
