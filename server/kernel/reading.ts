import { Prisma, type Tx } from './db.ts'

/**
 * Something that is read of the database: a query of one JSON value, and what its answer means. Several are read together, in one
 * statement: that costs one round trip, and all of them show the same moment.
 */
export type Reading<T> = { query: Prisma.Sql; of: (json: unknown) => T }
export type Readings<T> = { [K in keyof T]: Reading<T[K]> }

/** A reading of JSON of the shape `J`, which the query has to give; null where it gives no row. */
export function reading<T>(query: Prisma.Sql): Reading<T>
export function reading<J, T>(query: Prisma.Sql, of: (json: J) => T): Reading<T>
export function reading<J, T>(query: Prisma.Sql, of?: (json: J) => T): Reading<J | T> {
  return { query, of: (json) => (of ? of(json as J) : (json as J)) }
}

/** All of the readings as one. */
export function together<T extends object>(readings: Readings<T>): Reading<T> {
  const parts = Object.entries<Reading<unknown>>(readings)
  const values = parts.map(([name, { query }]) => Prisma.sql`${Prisma.raw(`'${name}'`)}, (${query})`)
  return reading(
    Prisma.sql`SELECT json_build_object(${Prisma.join(values)})`,
    (json: Record<string, unknown>) => {
      return Object.fromEntries(parts.map(([name, { of }]) => [name, of(json[name])])) as T
    },
  )
}

/** What a reading says now. */
export async function read<T>(tx: Tx, { query, of }: Reading<T>): Promise<T> {
  const [row] = await tx.$queryRaw<{ json: unknown }[]>`SELECT (${query}) AS "json"`
  return of(row?.json ?? null)
}

/** A row as JSON has it: times are text. */
export type AsJson<Row> = {
  [K in keyof Row]: Row[K] extends Date ? string : Row[K] extends Date | null ? string | null : Row[K]
}

type TimesOf<Row> = {
  [K in keyof Row]-?: Row[K] extends null ? never : Row[K] extends Date | null ? K : never
}[keyof Row]

/** The row that JSON was made of. `times`: every column that is a time. */
export function rowOf<Row extends object>(json: AsJson<Row>, times: Record<TimesOf<Row>, true>): Row {
  const revived = Object.entries(json).map(([name, value]) =>
    name in times && typeof value === 'string' ? [name, new Date(value)] : [name, value],
  )
  return Object.fromEntries(revived) as Row
}
