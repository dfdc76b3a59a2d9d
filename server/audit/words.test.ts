import { expect, test } from 'vitest'
import { wordsQuery } from './words.ts'

test('words are asked for all together, longer ones as beginnings, each once', () => {
  expect(wordsQuery(['Scale  chat-llm', undefined, 'scale 5'])).toBe("'scale':* & 'chat':* & 'llm':* & '5'")
})

test('nothing to look for is no question, and no sign breaks out of it', () => {
  expect(wordsQuery([undefined, '', ' -/. '])).toBeNull()
  expect(wordsQuery([`a' & !b:* \\'c`])).toBe("'a' & 'b' & 'c'")
})
