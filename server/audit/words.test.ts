import { expect, test } from 'vitest'
import { wordsOf, wordsQuery } from './words.ts'

test('words are asked for all together, longer ones as beginnings, each once', () => {
  expect(wordsQuery(wordsOf(['Scale  chat-llm', undefined, 'scale 5']))).toBe(
    "'scale':* & 'chat':* & 'llm':* & '5'",
  )
})

test('nothing to look for is no word, and no sign breaks out of it', () => {
  expect(wordsOf([undefined, '', ' -/. '])).toEqual([])
  expect(wordsQuery(wordsOf([`a' & !b:* \\'c`]))).toBe("'a' & 'b' & 'c'")
})
