import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { RateLimitedError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase, testStart } from '../runtime/testing/index.ts'
import { type Attempt, beginAttempt, forgetAttempt } from './attempts.ts'

const limits = { windowSeconds: 60, device: 3, pair: 3, account: 5, source: 8 }
let database: TestDatabase
let counter = 0

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** An account that nobody has tried yet, at addresses of its own. */
function target() {
  const clock = manualClock(testStart)
  const host = { db: database.db, clock }
  const account = `person-${++counter}@example.com`
  const of = (over: Partial<Attempt>) => ({
    ...{ kind: 'password', account, source: `203.0.113.${counter}`, device: null },
    ...over,
  })
  return {
    clock,
    tries: (over: Partial<Attempt> = {}) =>
      beginAttempt(host, of(over), limits).then(
        () => 'let pass',
        (error) => {
          if (error instanceof RateLimitedError) return 'refused'
          throw error
        },
      ),
    succeeds: (over: Partial<Attempt> = {}) => forgetAttempt(host, of(over), limits),
  }
}

async function outcomes(times: number, attempt: (i: number) => Promise<string>): Promise<string[]> {
  const found: string[] = []
  for (let i = 0; i < times; i++) found.push(await attempt(i))
  return found
}
const passed = (times: number) => Array.from({ length: times }, () => 'let pass')

test('failures at one address are refused there, and somewhat later elsewhere; time forgets them', async () => {
  const { tries, clock } = target()
  expect(await outcomes(4, () => tries())).toEqual([...passed(3), 'refused'])
  expect(await outcomes(3, (i) => tries({ source: `198.51.100.${i}` }))).toEqual([...passed(2), 'refused'])
  clock.advance(59_000)
  expect(await tries()).toBe('refused')
  clock.advance(2_000)
  expect(await tries()).toBe('let pass')
})

test('whoever tries from everywhere keeps the owner’s own browser out of nothing', async () => {
  const { tries } = target()
  await outcomes(20, (i) => tries({ source: `192.0.2.${i}` }))
  expect(await tries({ source: '198.18.0.1' })).toBe('refused')
  const known = { device: 'of the owner', source: '192.0.2.1' }
  expect(await outcomes(4, () => tries(known))).toEqual([...passed(3), 'refused'])
  expect(await tries({ device: 'another of the owner' })).toBe('let pass')
})

test('one address that tries many accounts is refused; a /64 of version 6 is one address', async () => {
  const { tries } = target()
  const spray = (i: number) =>
    tries({ account: `spray-${counter}-${i}@example.com`, source: `2001:db8::${i}` })
  expect(await outcomes(9, spray)).toEqual([...passed(8), 'refused'])
  expect(await tries({ source: '2001:db8:0:1::1' })).toBe('let pass')
})

test('attempts at the same moment are counted like attempts one after the other', async () => {
  const { tries } = target()
  const found = await Promise.all(Array.from({ length: 8 }, () => tries()))
  expect(found.sort()).toEqual([...passed(3), ...Array.from({ length: 5 }, () => 'refused')])
})

test('a good attempt forgets the failures of its address, and none of anybody else’s', async () => {
  const { tries, succeeds } = target()
  await outcomes(3, () => tries())
  await succeeds()
  expect(await outcomes(2, () => tries())).toEqual(passed(2))
  expect(await outcomes(2, () => tries({ source: '198.51.100.77' }))).toEqual(['let pass', 'refused'])
})
