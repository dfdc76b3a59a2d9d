import { describe, expect, test } from 'vitest'
import { sandboxWords, undeliveredWords, unreadWords } from './delivery-words.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const readAt = '2026-03-01T11:48:00Z'

describe('the banner of a sandbox', () => {
  test('says that nothing is real only while nothing is', () => {
    expect(sandboxWords([]).whole).toContain('nothing here reaches real infrastructure')
    const { short, whole } = sandboxWords(['cluster-eu'])
    expect(short).toBe('Simulated, but cluster-eu is real.')
    expect(whole).toBe(
      'Part of this is simulated, but cluster-eu is real: what is approved for its targets reaches real infrastructure.',
    )
    expect(sandboxWords(['a', 'b']).whole).toContain('a, b are real')
  })
})

describe('what cannot be read', () => {
  test('is named with the age of what is shown of it', () => {
    expect(unreadWords({ unread: [] }, now)).toBeNull()
    const one = unreadWords({ unread: [{ name: 'cluster-eu', silent: true, readAt }] }, now)
    expect(one?.short).toBe('cluster-eu does not answer, read 12\u202fmin ago')
    expect(one?.whole).toBe(
      'cluster-eu does not answer. What is shown of its targets was read 12\u202fmin ago.',
    )
  })

  test('is not called silent where it answers, and its age not guessed where it was never read', () => {
    const one = unreadWords({ unread: [{ name: 'cluster-eu', silent: false, readAt: null }] }, now)
    expect(one?.short).toBe('cluster-eu cannot be read in full')
    const newer = { name: 'b', silent: true, readAt: '2026-03-01T11:59:00Z' }
    const two = unreadWords({ unread: [newer, { name: 'a', silent: true, readAt }] }, now)
    expect(two?.short).toBe('2 connections do not answer, read 12\u202fmin ago')
  })
})

describe('what was approved and did not get there', () => {
  const stuck = [{ decisionId: 'd', decisionNumber: 9 }]

  test('leads to the decision where there is one, and to the dead letters where there are any', () => {
    expect(undeliveredWords({ stuck: [], deadLetters: 0 })).toBeNull()
    const one = undeliveredWords({ stuck, deadLetters: 0 })
    expect(one).toMatchObject({ short: '1 change stuck', path: '/decisions/d' })
    expect(one?.whole).toBe('Decision #9 is not carried out yet and tried again by itself.')
    expect(undeliveredWords({ stuck: [], deadLetters: 2 })?.whole).toBe('2 dead letters wait for a person.')
    const both = undeliveredWords({ stuck: [...stuck, ...stuck], deadLetters: 1 })
    expect(both).toMatchObject({
      short: '2 changes stuck, 1 dead letter',
      path: '/targets?view=dead-letters',
    })
  })
})
