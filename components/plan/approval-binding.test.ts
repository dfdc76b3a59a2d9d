import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashOf } from './approval-binding.ts'

test('the hash is of the canonical form: order of keys does not matter, content does', async () => {
  const binding = {
    format: 'infrasage-approval/1',
    proposalId: 'p',
    actions: [],
    targets: [{ targetId: 't', observedVersion: '7' }],
    policyVersion: 3,
    prices: [],
  } as const
  const canonical =
    '{"actions":[],"format":"infrasage-approval/1","policyVersion":3,"prices":[],"proposalId":"p","targets":[{"observedVersion":"7","targetId":"t"}]}'
  const wanted = createHash('sha256').update(canonical).digest('hex')
  const mutable = { ...binding, actions: [], targets: [...binding.targets], prices: [] }
  expect(await hashOf(mutable)).toBe(wanted)
  expect(await hashOf({ ...mutable, policyVersion: 4 })).not.toBe(wanted)
})
