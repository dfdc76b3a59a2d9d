import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import path from 'node:path'
import type { NextConfig } from 'next'
import { expect, test } from 'vitest'
import { keepToHttps } from './keep-to-https.ts'

test.each([
  ['https://sage.test', 'max-age=31536000; includeSubDomains'],
  ['http://127.0.0.1:3000', undefined],
  [undefined, undefined],
])('who is reached at %s keeps browsers to https: %s', (publicUrl, policy) => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  keepToHttps(response, publicUrl)
  expect(response.getHeader('Strict-Transport-Security')).toBe(policy)
})

test('every answer is taken as what it says it is, in no frame, and what is no page loads nothing and is kept by nobody', async () => {
  // Next's own file, in no room that others may import from.
  const file = path.resolve(import.meta.dirname, '../../next.config.ts')
  const { default: config }: { default: NextConfig } = await import(file)
  const rules = (await config.headers?.()) ?? []
  const of = (source: string) =>
    Object.fromEntries(
      rules
        .filter((rule) => rule.source === source)
        .flatMap(({ headers }) => headers.map(({ key, value }) => [key, value])),
    )
  expect(of('/:path*')).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  for (const source of ['/api/:path*', '/metrics']) {
    expect(of(source)['Content-Security-Policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(of(source)['Cache-Control']).toBe('no-store')
  }
})
