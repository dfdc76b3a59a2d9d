import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import { append, exportEntries, listEntries, listViews, removeView, saveView } from './index.ts'
import { wordsOf, wordsQuery } from './words.ts'

let database: TestDatabase
let ctx: Context
const clock = manualClock(testStart)

beforeEach(async () => {
  database = await createTestDatabase()
  clock.set(testStart)
  ctx = testContext({ db: database.db, clock })
})

afterEach(() => database.dispose())

const write = (subject: string, action = 'test') =>
  transact(ctx, (tx) => append(tx, ctx, { stage: 'governance', action, subject, body: { subject } }))

async function writeMany(count: number): Promise<void> {
  for (let i = 1; i <= count; i++) await write(`thing/${i}`)
}

test('entries are listed newest first, page by page, and by what they are about', async () => {
  await writeMany(5)
  await write('thing/1/part', 'other')
  const first = await listEntries({ ctx, input: { limit: 4 } })
  expect(first.entries.map((entry) => entry.seq)).toEqual([6, 5, 4, 3])
  const second = await listEntries({ ctx, input: { limit: 4, beforeSeq: first.nextBeforeSeq ?? undefined } })
  expect(second).toMatchObject({ entries: [{ seq: 2 }, { seq: 1 }], nextBeforeSeq: null })
  const one = await listEntries({ ctx, input: { subject: 'thing/1' } })
  expect(one.entries.map((entry) => entry.seq)).toEqual([6, 1])
  expect((await listEntries({ ctx, input: { action: 'other' } })).entries).toHaveLength(1)
})

test('an id is found whatever its parts look like, and so is a word of any length', async () => {
  const words = [...Array.from({ length: 200 }, () => randomUUID()), 'x'.repeat(5_000)]
  const asked = words.map((word) => wordsQuery(wordsOf([word])))
  const read = await database.db.$queryRaw<{ word: string }[]>`
    SELECT word FROM unnest(${words}::text[], ${asked}::text[]) AS pair (word, query)
    WHERE audit_words('{"id":"' || word || '"}') @@ query::tsquery`
  expect(read).toHaveLength(words.length)
})

test('entries are found by who acted, by the words of their text, by what they mention, and by time', async () => {
  const actor = await createTestPerson(database.db, 'admin', 'operator')
  const asPerson = testContext({ db: database.db, clock, actor })
  const workloadId = randomUUID()
  const body = {
    workloadId,
    summary: 'scale chat-llm 5 → 8 replicas',
    reason: "launch\non Friday; 'quoted' 100%",
  }
  await writeMany(3)
  await transact(asPerson, (tx) =>
    append(tx, asPerson, { stage: 'governance', action: 'proposal.approve', subject: 'proposal/1', body }),
  )
  clock.advance(60_000)
  await write('thing/4')
  const found = async (input: Parameters<typeof listEntries>[0]['input']) =>
    (await listEntries({ ctx, input })).entries.map((entry) => entry.seq)
  expect(await found({ actor: actor.email })).toEqual([4])
  expect(await found({ actor: 'test' })).toEqual([5, 3, 2, 1])
  expect(await found({ workloadId })).toEqual([4])
  for (const text of ['CHAT-LLM', 'friday', 'repl scale', 'on', "'quoted'", workloadId.slice(0, 8)])
    expect({ text, found: await found({ text }) }).toEqual({ text, found: [4] })
  expect(await found({ text: 'chat nothing' })).toEqual([])
  expect(await found({ text: 'thing', from: new Date(testStart.getTime() + 1).toISOString() })).toEqual([5])
  expect(await found({ stage: 'governance', text: 'thing', beforeSeq: 3, limit: 1 })).toEqual([2])
  const parts: string[] = []
  const auditor = testContext({ db: database.db, actor: await createTestPerson(database.db, 'auditor') })
  await write('=SUM(A1)')
  for await (const part of exportEntries({ ctx: auditor, input: { text: 'sum', format: 'csv' } }))
    parts.push(part)
  // A spreadsheet would run it.
  expect(parts.splice(0).join('')).toContain(",'=SUM(A1),")
  for await (const part of exportEntries({ ctx: auditor, input: { text: 'friday', format: 'csv' } }))
    parts.push(part)
  expect(parts.join('')).toMatch(
    /^seq,at,stage.*text\r\n4,2026-03-02T09:00:00.000Z,governance,.*""launch\\non/,
  )
})

test('a view is its owner’s alone', async () => {
  const [one, two] = await Promise.all(
    ['auditor', 'auditor'].map(async () =>
      testContext({ db: database.db, actor: await createTestPerson(database.db, 'auditor') }),
    ),
  )
  if (!one || !two) throw new Error('two people')
  await saveView({ ctx: one, input: { page: '/log', name: 'mine', query: 'text=a' } })
  const { id } = await saveView({ ctx: one, input: { page: '/log', name: 'mine', query: 'text=b' } })
  expect(await listViews({ ctx: one, input: { page: '/log' } })).toEqual([
    { id, name: 'mine', query: 'text=b' },
  ])
  expect(await listViews({ ctx: two, input: { page: '/log' } })).toEqual([])
  await expect(removeView({ ctx: two, input: { id } })).rejects.toThrow('no view')
  await removeView({ ctx: one, input: { id } })
  expect(await listViews({ ctx: one, input: { page: '/log' } })).toEqual([])
})
