import { expect, test } from 'vitest'
import type { PolicyEngineView } from '../../../server/governance/contract.ts'
import { formOf, readEngine } from './engine-form.ts'

const view: PolicyEngineView = {
  version: 4,
  engine: {
    url: 'https://opa.example.org/v1/data/infrasage/allow',
    hasToken: true,
    timeoutMs: 1_500,
    enforcement: 'soft-mandatory',
  },
  updatedAt: null,
  recent: [],
}
const filled = { ...formOf(view), reason: 'agreed with security' }

test('what is kept is sent as it is, and the token is not named', () => {
  expect(readEngine(filled, view)).toEqual({
    input: {
      url: 'https://opa.example.org/v1/data/infrasage/allow',
      timeoutMs: 1_500,
      enforcement: 'soft-mandatory',
      reason: 'agreed with security',
      basedOn: 4,
    },
    errors: null,
  })
})

test('a token is given or taken away', () => {
  expect(readEngine({ ...filled, token: 'abc' }, view).input).toMatchObject({ token: 'abc' })
  expect(readEngine({ ...filled, token: 'abc', noToken: true }, view).input).toMatchObject({ token: null })
})

test('names every field that is wrong', () => {
  const wrong = { ...filled, url: 'opa', timeoutMs: '20000', token: 'two words', reason: 'x' }
  expect(Object.keys(readEngine(wrong, view).errors ?? {}).sort()).toEqual([
    'reason',
    'timeoutMs',
    'token',
    'url',
  ])
})
