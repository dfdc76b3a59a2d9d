/** Everything that divides words: what `audit_words` in the database has, and space. */
const dividers = /[\s{}[\]()",:;.=<>/\\|!?*&%$#+\-_~^`'@]+/

/** Shorter words are looked for as they are: too much begins with two letters. */
const shortestBeginning = 3
/** Of a longer word only so much is kept, and asked for. */
const longest = 200

/**
 * The words of texts as a `tsquery` that asks for all of them; null if there are none. A word of three letters and more also
 * stands for what begins with it.
 */
export function wordsQuery(texts: readonly (string | undefined)[]): string | null {
  const words = texts
    .flatMap((text) => (text ?? '').toLowerCase().split(dividers))
    .filter(Boolean)
    .map((word) => [...word].slice(0, longest).join(''))
  const unique = [...new Set(words)]
  if (unique.length === 0) return null
  return unique.map((word) => `'${word}'${word.length >= shortestBeginning ? ':*' : ''}`).join(' & ')
}
