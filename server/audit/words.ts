/** Everything that divides words: what `audit_words` in the database has, and space. */
const dividers = /[\s{}[\]()",:;.=<>/\\|!?*&%$#+\-_~^`'@]+/

/** Shorter words are looked for as they are: too much begins with two letters. */
const shortestBeginning = 3
/** Of a longer word only so much is kept, and asked for. */
const longest = 200

/** The words of texts, each once, as `audit_words` in the database divides and shortens them. */
export function wordsOf(texts: readonly (string | undefined)[]): string[] {
  const words = texts
    .flatMap((text) => (text ?? '').toLowerCase().split(dividers))
    .filter(Boolean)
    .map((word) => [...word].slice(0, longest).join(''))
  return [...new Set(words)]
}

/** A `tsquery` that asks for all of the words. One of three letters and more also stands for what begins with it. */
export function wordsQuery(words: readonly string[]): string {
  return words.map((word) => `'${word}'${word.length >= shortestBeginning ? ':*' : ''}`).join(' & ')
}
