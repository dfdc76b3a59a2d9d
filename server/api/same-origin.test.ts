import { expect, test } from 'vitest'
import { ForbiddenError } from '../kernel/errors.ts'
import { requireSameOrigin } from './same-origin.ts'

const request = (headers: Record<string, string>, method = 'POST') =>
  new Request('http://127.0.0.1:3000/api/trpc/x', { method, headers: { host: '127.0.0.1:3000', ...headers } })

test.each([
  ['a page of ours', { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }],
  ['a page of ours behind a proxy', { origin: 'https://sage.test', 'x-forwarded-host': 'sage.test' }],
  ['a script without a browser, sending JSON', { 'content-type': 'application/json' }],
])('lets %s change things', (_who, headers) => {
  expect(() => requireSameOrigin(request(headers))).not.toThrow()
})

test.each([
  ['another site', { origin: 'https://evil.test' }],
  ['another port of this host', { origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-site' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['a site that hides its origin', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }],
  ['a plain form', { 'content-type': 'application/x-www-form-urlencoded' }],
])('refuses %s', (_who, headers) => {
  expect(() => requireSameOrigin(request(headers))).toThrow(ForbiddenError)
})

test('reading is nobody’s concern here', () => {
  expect(() => requireSameOrigin(request({ origin: 'https://evil.test' }, 'GET'))).not.toThrow()
})
