import { domainUpdate, type OfferingView, offeringInput, offeringUpdate } from '../../server/plan/contract.ts'
import type { Place } from './places-table.tsx'

/** What may be edited of a place and of one thing that it sells, as text. */
export const termFields = [
  {
    key: 'pricePerReplicaHourUsd',
    label: 'Price, $/h',
    hint: 'Of one replica; by the hour, a typical one.',
    of: 'offering',
    number: true,
  },
  {
    key: 'priceProfileUsd',
    label: 'Price by the hour',
    hint: '24 prices from 00:00 UTC, or nothing.',
    of: 'offering',
    hours: true,
  },
  {
    key: 'interruptionRatePerHour',
    label: 'Interruptions, %/h',
    hint: 'How often one replica is taken away.',
    of: 'offering',
    number: true,
    percent: true,
  },
  {
    key: 'quotaReplicas',
    label: 'Quota, replicas',
    hint: 'No more can be had.',
    of: 'offering',
    number: true,
  },
  {
    key: 'leadTimeP50Seconds',
    label: 'Lead time, median, s',
    hint: 'As declared; plans learn from dispatches.',
    of: 'offering',
    number: true,
  },
  {
    key: 'leadTimeP90Seconds',
    label: 'Lead time, 90 %, s',
    hint: 'Nine in ten are ready by then.',
    of: 'offering',
    number: true,
  },
  { key: 'powerKw', label: 'Power, kW', hint: 'Of one replica.', of: 'offering', number: true },
  {
    key: 'pricePerMillionRequestsUsd',
    label: 'A million requests, $',
    hint: 'Of what starts by itself.',
    of: 'serverless',
    number: true,
  },
  {
    key: 'coldStartSeconds',
    label: 'Cold start, s',
    hint: 'Until a new instance answers.',
    of: 'serverless',
    number: true,
  },
  {
    key: 'concurrencyPerInstance',
    label: 'Requests at once',
    hint: 'That one instance serves.',
    of: 'serverless',
    number: true,
  },
  {
    key: 'carbonGPerKwh',
    label: 'Carbon, g/kWh',
    hint: 'Of its electricity; by the hour, a typical one.',
    of: 'domain',
    number: true,
  },
  {
    key: 'carbonProfileGPerKwh',
    label: 'Carbon by the hour',
    hint: '24 values from 00:00 UTC, or nothing.',
    of: 'domain',
    hours: true,
  },
  {
    key: 'userLatencyMs',
    label: 'Latency to users, ms',
    hint: 'There and back, as “europe 18, north-america 96”.',
    of: 'domain',
    regions: true,
  },
] as const satisfies readonly TermField[]

type TermField = {
  key: string
  label: string
  hint: string
  of: 'offering' | 'serverless' | 'domain'
  number?: true
  percent?: true
  hours?: true
  regions?: true
}
export type TermKey = (typeof termFields)[number]['key']
export type Terms = Record<TermKey, string>

/** The fields that a place has, with its values as they would be typed. */
export function termsOf({ domain, offering }: Place): Terms {
  const { interruptionRatePerHour } = offering
  const values = { ...domain, ...offering, interruptionRatePerHour: interruptionRatePerHour * 100 }
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return value.join(' ')
    if (typeof value === 'object' && value !== null)
      return Object.entries(value)
        .map(([region, ms]) => `${region} ${ms}`)
        .join(', ')
    return value === null || value === undefined ? '' : String(value)
  }
  return Object.fromEntries(termFields.map(({ key }) => [key, text(values[key])])) as Terms
}

/** Numbers between spaces, commas or lines. */
export function readHours(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number)
}

/** "europe 18, north-america 96" as a map; what has no number becomes not a number, and is refused as such. */
export function readRegions(text: string): Record<string, number> {
  const pairs = text
    .split(/[,;\n]+/)
    .map((pair) => pair.trim())
    .filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, region = pair, ms = ''] = /^(.*?)[\s:=]+(\S+)$/.exec(pair) ?? []
      return [region, ms === '' ? Number.NaN : Number(ms)]
    }),
  )
}

/** The edited text as changes of the place and of the offering, or what is wrong with which field. */
export function readTerms({ domain, offering }: Place, terms: Terms) {
  const values = Object.fromEntries(
    shownFields(offering).map((field: TermField & { key: TermKey }) => {
      const text = terms[field.key].trim()
      if (field.hours) return [field.key, readHours(text)]
      if (field.regions) return [field.key, readRegions(text)]
      if (text === '') return [field.key, undefined]
      return [field.key, Number(text) / (field.percent ? 100 : 1)]
    }),
  )
  const part = (of: (field: TermField) => boolean) =>
    Object.fromEntries(
      termFields.filter(of).flatMap(({ key }) => (key in values ? [[key, values[key]]] : [])),
    )
  const ofPlace = part((field) => field.of === 'domain')
  const ofOffering = part((field) => field.of !== 'domain')
  const place = domainUpdate.safeParse({ id: domain.id, ...ofPlace })
  const change = offeringUpdate.safeParse({ id: offering.id, ...ofOffering })
  const whole = offeringInput.safeParse({ ...offering, ...ofOffering })
  if (place.success && change.success && whole.success)
    return { ok: true as const, domain: place.data, offering: change.data }
  const issues = [place, change, whole].flatMap(({ error }) => error?.issues ?? [])
  const errors: Record<string, string> = {}
  for (const { path, message } of issues)
    errors[String(path[0])] ??= message.startsWith('Invalid input: expected number')
      ? 'give numbers alone'
      : message
  return { ok: false as const, errors }
}

/** Terms of requests are for what is serverless alone. */
export function shownFields({ kind }: Pick<OfferingView, 'kind'>): (typeof termFields)[number][] {
  return termFields.filter(({ of }) => of !== 'serverless' || kind === 'serverless')
}
