import type { Clause, ClauseStanding } from './contract.ts'

/** Somebody who said yes, with the groups held when it was said. */
export type Approver = { userId: string; groups: readonly string[] }

/**
 * Where each clause stands. A person counts once, however often they said yes; `excluded` are those who may not count at
 * all, such as who wrote what is to be approved.
 */
export function standingOf(
  clauses: readonly Clause[],
  approvers: readonly Approver[],
  excluded: readonly string[] = [],
): ClauseStanding[] {
  const people = onePerPerson(approvers).filter(({ userId }) => !excluded.includes(userId))
  return clauses.map((clause) => clauseStanding(clause, people))
}

/** Whether nothing is missing. */
export function isMet(standings: readonly ClauseStanding[]): boolean {
  return standings.every(({ missing }) => missing === null)
}

/** What the clause that misses most still needs; null where nothing is missing. */
export function mostMissing(standings: readonly ClauseStanding[]): string | null {
  const [most] = standings
    .filter(({ missing }) => missing !== null)
    .toSorted((a, b) => b.approvers - b.have - (a.approvers - a.have))
  return most?.missing ?? null
}

/** Several approvals of one person are one; of the groups, those that all of them were given with. */
function onePerPerson(approvers: readonly Approver[]): Approver[] {
  const byPerson = Map.groupBy(approvers, ({ userId }) => userId)
  return [...byPerson].map(([userId, given]) => ({
    userId,
    groups: (given[0]?.groups ?? []).filter((group) => given.every(({ groups }) => groups.includes(group))),
  }))
}

function clauseStanding(clause: Clause, people: readonly Approver[]): ClauseStanding {
  const { approvers, teams, from } = clause
  const counted = people.flatMap(({ userId, groups }) => {
    const of = from.length === 0 ? groups : groups.filter((group) => from.includes(group))
    return from.length > 0 && of.length === 0 ? [] : [{ userId, groups: of }]
  })
  // With one team asked for, who they stand for does not matter beyond being one of those named.
  const stand = teams > 1 ? teamsOf(counted) : new Map<string, string>()
  const short = teams > 1 ? Math.max(0, teams - stand.size) : 0
  const have = Math.min(counted.length, approvers - short)
  return { ...clause, have, missing: have < approvers ? missingWords(clause, have, short, stand) : null }
}

/**
 * Group → the one person who stands for it: as many groups as can be covered when nobody stands for two. A maximum matching by
 * augmenting paths (Kuhn 1955).
 */
function teamsOf(people: readonly Approver[]): Map<string, string> {
  const stand = new Map<string, string>()
  const groups = new Map(people.map((person) => [person.userId, person.groups]))
  const place = (userId: string, tried: Set<string>): boolean => {
    for (const group of groups.get(userId) ?? []) {
      if (tried.has(group)) continue
      tried.add(group)
      const holder = stand.get(group)
      if (holder === undefined || place(holder, tried)) {
        stand.set(group, userId)
        return true
      }
    }
    return false
  }
  for (const { userId } of people) place(userId, new Set())
  return stand
}

function missingWords(
  { approvers, from }: Clause,
  have: number,
  short: number,
  stand: ReadonlyMap<string, string>,
): string {
  const need = approvers - have
  const many = need === 1 ? 'one' : String(need)
  const open = from.filter((group) => !stand.has(group))
  if (short > 0 && stand.size > 0)
    return `${have} of ${approvers}: needs ${many} from ${open.length > 0 ? teamWords(open) : 'another team'}`
  if (from.length > 0)
    return `${have} of ${approvers}: needs ${many} from ${teamWords(from)}${short > 1 ? ', each from another' : ''}`
  return `${have} of ${approvers}: needs ${need === 1 ? 'one more' : `${need} more`}${short > 1 ? ', each from another team' : ''}`
}

function teamWords(groups: readonly string[]): string {
  const names = groups.length > 1 ? `${groups.slice(0, -1).join(', ')} or ${groups.at(-1)}` : groups[0]
  return `team ${names}`
}
