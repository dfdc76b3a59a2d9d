import { InvalidInputError } from '../kernel/errors.ts'
import { isBreached } from './breached-passwords.ts'
import { commonWords } from './common-words.ts'

const swaps: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
]
const runsBothWays = [...runs, ...runs.map((run) => [...run].reverse().join(''))]

/** Letters and digits that nobody has to guess: what is left after them has to make a password by itself. */
const leastUnguessed = 6

/**
 * What makes a password guessable though it is long: it leaked before, or is made of common words, keyboard runs, repetition,
 * years, the product's name or the person's own. Null when it is none.
 */
export function weaknessOf(password: string, person: { email: string; name: string }): string | null {
  const plain = password.normalize('NFKC').toLowerCase()
  if (isBreached(password)) return 'stands in lists of leaked passwords, which are tried first'
  if (new Set(plain).size < 5) return 'repeats a few characters'
  if (/^(.{1,6})\1+.{0,5}$/.test(plain)) return 'repeats itself'
  const whole = [person.email, person.email.split('@')[0] ?? '', person.name].map((word) =>
    word.toLowerCase(),
  )
  const ownWords = whole
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .filter(({ length }) => length >= 3)
  for (const words of [ownWords, [...ownWords, ...commonWords]]) {
    if ([plain, unswapped(plain)].every((text) => unguessed(text, words) >= leastUnguessed)) continue
    return words === ownWords
      ? 'is made of your name or address'
      : 'is made of common words, years or runs of keys'
  }
  return null
}

/** @throws InvalidInputError that says what is wrong with it */
export function requireStrongPassword(password: string, person: { email: string; name: string }): void {
  const weakness = weaknessOf(password, person)
  if (!weakness) return
  throw new InvalidInputError(`This password is easy to guess: it ${weakness}.`, [
    { path: 'newPassword', message: `${weakness}; take several unrelated words, or let a manager make one` },
  ])
}

const unswapped = (text: string) => [...text].map((letter) => swaps[letter] ?? letter).join('')

/** How many letters and digits are left when words, runs and years are taken out, the longest first. */
function unguessed(text: string, words: readonly string[]): number {
  let left = text
  for (const word of [...words].sort((a, b) => b.length - a.length)) left = left.replaceAll(word, ' ')
  left = left.replaceAll(/(19|20)\d\d/g, ' ')
  for (const run of runsBothWays) {
    for (let length = run.length; length >= 4; length--) {
      for (let at = 0; at + length <= run.length; at++)
        left = left.replaceAll(run.slice(at, at + length), ' ')
    }
  }
  left = left.replaceAll(/(.)\1{2,}/g, ' ')
  return left.replaceAll(/[^\p{L}\p{N}]/gu, '').length
}
