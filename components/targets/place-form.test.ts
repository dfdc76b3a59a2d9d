import { expect, test } from 'vitest'
import { emptyPlace, readPlace } from './place-form.ts'

const filled = {
  ...emptyPlace,
  title: 'Amsterdam',
  name: 'ams-1',
  region: 'eu-west-nl',
  jurisdiction: 'EU',
  hardwareClass: 'L40S',
  pricePerReplicaHourUsd: '1.86',
}

test('a filled form becomes a place and its offering', () => {
  expect(readPlace(filled)).toMatchObject({
    ok: true,
    domain: { name: 'ams-1', kind: 'on_premise', securityTier: 1, carbonGPerKwh: 300 },
    offering: { hardwareClass: 'L40S', market: 'owned', pricePerReplicaHourUsd: 1.86, quotaReplicas: 100 },
  })
})

test('what is missing or does not fit is named at its field, in words', () => {
  const read = readPlace({ ...filled, title: '', pricePerReplicaHourUsd: '', name: 'Not A Slug' })
  expect(read.ok ? {} : read.errors).toMatchObject({
    title: 'fill this in',
    pricePerReplicaHourUsd: 'give a number',
    name: expect.any(String),
  })
  const slow = readPlace({ ...filled, leadTimeP50Seconds: '300' })
  expect(slow.ok ? {} : slow.errors).toEqual({
    leadTimeP50Seconds: 'the median lead time must not exceed its 90% quantile',
  })
})

test('what is serverless is asked for the price of its requests, and nothing else is', () => {
  const missing = readPlace({ ...filled, offered: 'serverless' })
  expect(missing.ok ? {} : missing.errors).toMatchObject({ coldStartSeconds: expect.any(String) })
  const terms = { pricePerMillionRequestsUsd: '96', coldStartSeconds: '14', concurrencyPerInstance: '8' }
  expect(readPlace({ ...filled, ...terms, offered: 'serverless' })).toMatchObject({
    ok: true,
    offering: { kind: 'serverless', concurrencyPerInstance: 8 },
  })
  expect(readPlace({ ...filled, ...terms })).toMatchObject({ ok: true, offering: { coldStartSeconds: null } })
})
