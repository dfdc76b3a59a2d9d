/** Nothing that a person reads is longer, nor any name that another side gives something. */
const longestText = 2_000
/** What is kept of an answer is flat, or nearly so. */
const deepest = 8

/** What no database keeps as text: control characters but tab and line ends, and halves of surrogate pairs. */
const unstorable = /(?![\t\n\r])\p{Cc}|\p{Cs}/gu

/** A text of somebody else's as it can be kept and shown. */
export function storableText(text: string): string {
  const whole = text.slice(0, longestText + 1).replace(unstorable, '\ufffd')
  return whole.length > longestText ? `${[...whole].slice(0, longestText - 1).join('')}…` : whole
}

/** The same of every text in something; what is deeper or longer than is kept of any answer is left out. `text`: what becomes of each. */
export function storable<T>(value: T, text?: (each: string) => string, mostEntries?: number): T
export function storable(value: unknown, text = storableText, mostEntries = 200): unknown {
  const inner = (each: unknown, depth: number): unknown => {
    if (typeof each === 'string') return text(each)
    if (typeof each !== 'object' || each === null) return each
    if (depth > deepest) return '…'
    if (Array.isArray(each)) return each.slice(0, mostEntries).map((entry) => inner(entry, depth + 1))
    const entries = Object.entries(each).slice(0, mostEntries)
    return Object.fromEntries(entries.map(([key, entry]) => [text(key), inner(entry, depth + 1)]))
  }
  return inner(value, 0)
}

/** Shorter ones are words that stand elsewhere too, and whoever chose one has more to fear than its echo. */
const shortestSecret = 8

/** Takes secrets out of texts, also as they stand in JSON, in an address and in base64: an intermediary may show what it was sent. */
export function redacting(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter(({ length }) => length >= shortestSecret)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((said, secret) => said.replaceAll(secret, '[redacted]'), text)
}
