import { expect, test } from 'vitest'
import { ForbiddenError, UnavailableError } from '../../kernel/errors.ts'
import { nobodyElses, type Observation, type TargetAdapter } from '../contract.ts'
import { bordered, borderOf } from './border.ts'
import { lookBounds } from './look-bounds.ts'

const token = 'eyJ-the-token-of-the-connection'
const fine: Observation = {
  ...{ desiredReplicas: 3, readyReplicas: 3, awaits: null, version: 'u:1', lock: '10' },
  ...{ ownership: nobodyElses, raw: { uid: 'u' } },
}
const setPoint = { replicas: 4, control: 'replicas', final: false, dispatchId: 'd', fencingToken: 1 } as const

function behind(parts: Partial<TargetAdapter>): TargetAdapter {
  const adapter: TargetAdapter = {
    ...{ kind: 'sandbox', controls: ['replicas'], unit: () => 'replicas' },
    observe: async () => fine,
    dryRun: async () => ({ kind: 'accepted', raw: {} }),
    apply: async () => ({ kind: 'applied', observation: fine, raw: {} }),
  }
  return bordered({ ...adapter, ...parts }, 'models/Deployment/chat', borderOf([token]), lookBounds(1_000))
}
const seeing = (parts: Partial<Observation>) =>
  behind({ observe: async () => ({ ...fine, ...parts }) }).observe()

test('what a cluster says of who manages an object comes in as it can be kept', async () => {
  const manager = { role: 'gitops', name: 'Helm\u0000', note: `release ${'x'.repeat(5_000)}` } as const
  const { ownership, raw } = await seeing({
    ownership: { ...nobodyElses, managers: [manager] },
    raw: { 'a\u0000': 'b\ud800', limit: 1 },
  })
  expect(ownership.managers[0]?.name).toBe('Helm\ufffd')
  expect(ownership.managers[0]?.note?.length).toBeLessThanOrEqual(2_000)
  expect(raw).toEqual({ 'a\ufffd': 'b\ufffd', limit: 1 })
})

test.each([
  ['says 3000000000, which is no number of replicas', { desiredReplicas: 3_000_000_000 }],
  ['says -1', { readyReplicas: -1 }],
  ['known by a version that cannot be kept', { version: 'u\u0000:1' }],
  ['known by a version that cannot be kept', { lock: 'x'.repeat(3_000) }],
])('what cannot be kept as it is makes the target unreadable, by name: it %s', async (words, parts) => {
  const error = await seeing(parts).catch((each: unknown) => each)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(String(error)).toContain('"models/Deployment/chat"')
  expect(String(error)).toContain(words)
})

test('an error that nobody foresaw is this target’s own', async () => {
  const broken = behind({ observe: () => Promise.reject(new RangeError('Maximum call stack size exceeded')) })
  await expect(broken.observe()).rejects.toThrow(
    '"models/Deployment/chat" could not be read: Maximum call stack size exceeded',
  )
})

test('an answer to a write is kept whatever stands in it, and is unclear where what it left cannot be', async () => {
  const raw = { message: 'no\u0000', deep: [[[[[[[[[[['x']]]]]]]]]]] }
  const refused = await behind({ apply: async () => ({ kind: 'refused', message: 'no\u0000', raw }) }).apply(
    '1',
    setPoint,
  )
  expect(refused).toMatchObject({ kind: 'refused', message: 'no\ufffd', raw: { message: 'no\ufffd' } })
  expect(JSON.stringify(refused)).not.toContain('"x"')
  const observation = { ...fine, version: '\u0000' }
  const applied = behind({ apply: async () => ({ kind: 'applied', observation, raw: {} }) })
  expect(await applied.apply('1', setPoint)).toMatchObject({ kind: 'unknown' })
})

test('a token that an intermediary shows stands in no message, receipt or error', async () => {
  const message = `GET / Authorization: Bearer ${token} Basic ${Buffer.from(token).toString('base64')}`
  const raw = { status: 502, message }
  const outcome = await behind({ dryRun: async () => ({ kind: 'unknown', message, raw }) }).dryRun(
    '1',
    setPoint,
  )
  const error = await behind({ observe: () => Promise.reject(new ForbiddenError(message)) })
    .observe()
    .catch((each: unknown) => each)
  expect(error).toBeInstanceOf(ForbiddenError)
  for (const said of [JSON.stringify(outcome), String(error)]) {
    expect(said).toContain('Bearer [redacted] Basic [redacted]')
    expect(said).not.toContain('eyJ')
  }
})
