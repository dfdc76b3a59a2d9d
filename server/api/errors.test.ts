import { expect, test } from 'vitest'
import type { Actor } from '../kernel/context.ts'
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../kernel/errors.ts'
import { createLogger } from '../kernel/log.ts'
import { toErrorResponse, toTrpcError } from './errors.ts'

const actor: Actor = { kind: 'user', userId: 'u-1', email: 'a@b.test', name: 'A', roles: [] }

/** What stands in the server's log after `error` was answered over both faces. */
function logged(error: Error, who?: Actor): unknown[] {
  const log = createLogger('test')
  const lines: unknown[] = []
  log.warn = (line: unknown) => void lines.push(line)
  toErrorResponse(error, { log, requestId: 'r-1', actor: who })
  toTrpcError(error, { log, requestId: 'r-1', actor: who }, 'people.list')
  return lines
}

test('who is turned away stands in the server’s log, with the request, over either face', () => {
  const line = { requestId: 'r-1', code: 'forbidden', who: 'u-1' }
  expect(logged(new ForbiddenError('not for you'), actor)).toEqual([line, line])
  const nobody = { requestId: 'r-1', code: 'unauthenticated', who: 'nobody signed in' }
  expect(logged(new UnauthenticatedError())).toEqual([nobody, nobody])
})

test('what is only not there is no matter for that log', () => {
  expect(logged(new NotFoundError('person', 'x'), actor)).toEqual([])
})

test('what was not expected is answered with a number to ask for, and without its cause', async () => {
  const log = createLogger('test')
  const causes: unknown[] = []
  log.error = (line: unknown) => void causes.push(line)
  const error = new Error('relation "Secret" does not exist at 10.0.0.7')
  const answer = toErrorResponse(error, { log, requestId: 'r-2' })
  const { message } = toTrpcError(error, { log, requestId: 'r-2' }, 'people.list')
  expect(answer.status).toBe(500)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  for (const text of [await answer.text(), message]) {
    expect(text).toContain('r-2')
    expect(text).not.toMatch(/Secret|10\.0\.0\.7/)
  }
  expect(causes).toMatchObject([{ err: error }, { err: error }])
})

test.each([
  ['the driver lost it', new Error('Connection terminated unexpectedly')],
  ['it comes up', new Error('Database error. Code: `57P03`. Message: `the database system is starting up`')],
  ['it goes down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
  [
    'nobody listens',
    new Error('Prisma', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }),
  ],
])(
  'while the database is away that is said, when to come back, and nothing of what was kept: %s',
  async (_, error) => {
    const log = createLogger('test')
    const causes: unknown[] = []
    log.error = (line: unknown) => void causes.push(line)
    const answer = toErrorResponse(error, { log, requestId: 'r-3' })
    const refusal = toTrpcError(error, { log, requestId: 'r-3' }, 'proposals.approve')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Retry-After')).toBe('5')
    expect(refusal.code).toBe('SERVICE_UNAVAILABLE')
    for (const text of [await answer.text(), refusal.message]) {
      expect(text).toContain('The database does not answer at the moment')
      expect(text).toContain('look first whether it was kept')
      expect(text).not.toContain('nothing was changed')
    }
    expect(causes).toMatchObject([{ err: error }, { err: error }])
  },
)
