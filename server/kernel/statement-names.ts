/** Sent this often, a statement is worth a plan that each connection keeps. */
const oftenEnough = 3
/** Each connection keeps all of them in its memory; what is sent beyond them is planned anew each time. */
const mostNames = 300
const mostSeen = 5_000
const unnamed = ''

/**
 * Names for statements that are sent often, by their text, so that Postgres parses and plans each once per connection:
 * planning takes longer than running where a few rows are read by their keys. Rare texts, such as lists of every length,
 * get none, and neither does what reads all columns of a table: a plan that is kept must not outlive them.
 */
export function statementNames(): (query: { sql: string }) => string {
  const seen = new Map<string, number>()
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (sql.includes('SELECT *')) return unnamed
    const times = (seen.get(sql) ?? 0) + 1
    if (times < oftenEnough || names.size >= mostNames) {
      if (seen.size < mostSeen || times > 1) seen.set(sql, times)
      return unnamed
    }
    seen.delete(sql)
    const name = `often_${names.size + 1}`
    names.set(sql, name)
    return name
  }
}
