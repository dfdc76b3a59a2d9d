import { expect, test } from 'vitest'
import { undoTitle } from './undo-words.ts'

test('what is held says for how long, and what dispatch could not send does not claim to be about to go', () => {
  expect(undoTitle({ leftMs: 12_000, note: null })).toBe('Will be sent in 12\u202fs')
  expect(undoTitle({ leftMs: -1, note: null })).toBe('About to be sent')
  expect(undoTitle({ leftMs: -1, note: '"chat" could not be read.' })).toBe('Not sent yet')
})
