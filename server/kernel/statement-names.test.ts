import { expect, it } from 'vitest'
import { statementNames } from './statement-names.ts'

it('names what is sent often, each text by a name of its own, and no more than a connection can keep', () => {
  const nameOf = statementNames()
  const send = (sql: string, times: number) => Array.from({ length: times }, () => nameOf({ sql })).at(-1)
  expect(send('SELECT 1', 2)).toBe('')
  const name = send('SELECT 1', 1)
  expect(name).not.toBe('')
  expect(send('SELECT 2', 3)).not.toBe(name)
  expect(send('SELECT * FROM "Pool"', 9)).toBe('')
  expect(send('SELECT 1', 1)).toBe(name)
  const names = new Set(Array.from({ length: 1_000 }, (_, i) => send(`SELECT ${i}`, 5)))
  expect(names.size).toBe(301)
  expect(names).toContain('')
})
