/**
 * A Postgres array of numbers as text: one parameter for any number of rows. JavaScript prints the shortest text that
 * reads back as the same double, so nothing is lost.
 */
export function numberArray(values: Iterable<number>): string {
  return `{${Array.from(values).join(',')}}`
}
