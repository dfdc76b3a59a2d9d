import { expect, test } from 'vitest'
import { returnPath } from './return-path.ts'

const origin = 'http://127.0.0.1:3000'

test('leads back to a page of this site, with its search', () => {
  expect(returnPath('/inbox?state=waiting', origin)).toBe('/inbox?state=waiting')
})

test.each([
  null,
  '',
  'https://elsewhere.test/',
  '//elsewhere.test',
  '/\\elsewhere.test',
  'javascript:alert(1)',
  '/sign-in',
])('leads to the overview instead of %s', (from) => {
  expect(returnPath(from, origin)).toBe('/')
})
