import { expect, test } from 'vitest'
import { readHours, readRegions, readTerms, shownFields, termsOf } from './place-terms.ts'
import type { Place } from './places-table.tsx'

const hours = Array.from({ length: 24 }, (_, hour) => 300 + hour)
const place: Place = {
  domain: {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'nimbus',
    title: 'Nimbus',
    kind: 'cloud',
    region: 'eu',
    jurisdiction: 'EU',
    securityTier: 3,
    carbonGPerKwh: 310,
    carbonProfileGPerKwh: hours,
    userLatencyMs: { europe: 18, 'north-america': 96 },
    sandbox: false,
    offerings: [],
  },
  offering: {
    id: '00000000-0000-4000-8000-000000000002',
    domainId: '00000000-0000-4000-8000-000000000001',
    kind: 'instances',
    hardwareClass: 'L40S',
    market: 'spot',
    pricePerReplicaHourUsd: 1.1,
    priceProfileUsd: [],
    powerKw: 0.5,
    leadTimeP50Seconds: 60,
    leadTimeP90Seconds: 120,
    interruptionRatePerHour: 0.04,
    quotaReplicas: 20,
    pricePerMillionRequestsUsd: null,
    coldStartSeconds: null,
    concurrencyPerInstance: null,
  },
}

test('what is read back of the untouched text is what the place has', () => {
  const read = readTerms(place, termsOf(place))
  const { carbonGPerKwh, carbonProfileGPerKwh, userLatencyMs } = place.domain
  expect(read).toMatchObject({
    ok: true,
    domain: { carbonGPerKwh, carbonProfileGPerKwh, userLatencyMs },
    offering: { pricePerReplicaHourUsd: 1.1, priceProfileUsd: [], interruptionRatePerHour: 0.04 },
  })
})

test('a day has 24 values, and faults are named at their field', () => {
  const faulty = {
    ...termsOf(place),
    carbonProfileGPerKwh: '1 2 3',
    userLatencyMs: 'europe',
    leadTimeP50Seconds: '500',
  }
  const read = readTerms(place, faulty)
  expect(read.ok ? {} : read.errors).toEqual({
    carbonProfileGPerKwh: expect.stringContaining('24 values'),
    userLatencyMs: expect.any(String),
    leadTimeP50Seconds: expect.stringContaining('90% quantile'),
  })
  expect(readHours(' 1, 2;3\n4 ')).toEqual([1, 2, 3, 4])
  expect(readRegions('north america: 96\neurope=18')).toEqual({ 'north america': 96, europe: 18 })
})

test('only what is serverless is asked for the price of requests', () => {
  const keys = (kind: 'instances' | 'serverless') => shownFields({ kind }).map(({ key }) => key)
  expect(keys('instances')).not.toContain('coldStartSeconds')
  expect(keys('serverless')).toContain('coldStartSeconds')
})
