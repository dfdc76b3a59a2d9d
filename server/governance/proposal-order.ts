import { z } from 'zod'
import { Prisma } from '../kernel/db.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { type ProposalQuery, type ProposalSort, proposalSorts } from './contract.ts'

/**
 * What rows are ordered by. Of what waiting costs the logarithm: the order is the same, and nothing that is far off underflows.
 * Who loses nothing by waiting counts as a billionth of a dollar, so that among those the sooner deadline goes first.
 */
export function sortKey(sort: ProposalSort, asOf: Date): Prisma.Sql {
  if (sort === 'actBy') return Prisma.sql`p."actBy"`
  if (sort === 'createdAt') return Prisma.sql`p."createdAt"`
  if (sort === 'costChangePerHourUsd') return Prisma.sql`p."costChangePerHourUsd"`
  if (sort === 'confidence') return Prisma.sql`p."confidence"`
  return Prisma.sql`(log(greatest(p."regretUsd", 1e-9::float8))
    - greatest(0, extract(epoch FROM p."actBy" - ${asOf}::timestamptz))::float8 / greatest(60, p."decideSeconds"))`
}

/** What costs most to leave comes first; everything else rises unless asked otherwise. */
export function orderOf({ sort, order }: ProposalQuery): 'ASC' | 'DESC' {
  const asked = order ?? (sort === 'waitingCost' ? 'desc' : 'asc')
  return asked === 'asc' ? 'ASC' : 'DESC'
}

/** Where a page ended. `asOf`: all pages are of the order at one moment, or rows would be seen twice or never. */
export type Cursor = { sort: ProposalSort; asOf: Date; key: string; id: string }

const cursorShape = z.object({
  sort: z.enum(proposalSorts),
  asOf: z.coerce.date(),
  key: z.string(),
  id: z.uuid(),
})

export function cursorOf(sort: ProposalSort, asOf: Date, last: { key: string; id: string }): string {
  return Buffer.from(JSON.stringify({ sort, asOf: asOf.toISOString(), ...last })).toString('base64url')
}

/** @throws InvalidInputError for what is no cursor, or one of another order */
export function readCursor(text: string, sort: ProposalSort): Cursor {
  const cursor = parsed(text)
  const expected = {
    path: 'cursor',
    message: 'is of no page of this list',
    expected: 'nextCursor of the page before',
  }
  if (!cursor) throw new InvalidInputError('The cursor is not one that was given.', [expected])
  if (cursor.sort !== sort)
    throw new InvalidInputError(`The cursor is of a list by ${cursor.sort}, and this one is by ${sort}.`, [
      expected,
    ])
  return cursor
}

function parsed(text: string): Cursor | null {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return null
  }
}

/** Rows that come after the cursor. */
export function afterCursor(key: Prisma.Sql, order: 'ASC' | 'DESC', cursor: Cursor | null): Prisma.Sql[] {
  if (!cursor) return []
  const type = cursor.sort === 'actBy' || cursor.sort === 'createdAt' ? 'timestamptz' : 'float8'
  const at = Prisma.sql`${cursor.key}::${Prisma.raw(type)}`
  const beyond = order === 'ASC' ? Prisma.sql`${key} > ${at}` : Prisma.sql`${key} < ${at}`
  return [Prisma.sql`(${beyond} OR (${key} = ${at} AND p."id" > ${cursor.id}::uuid))`]
}
