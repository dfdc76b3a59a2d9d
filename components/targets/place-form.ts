import { domainInput, type OfferingKind, offeringInput } from '../../server/plan/contract.ts'

/** The fields of a place and of what it sells there, in the order of the form. */
export const placeFields = [
  { key: 'title', label: 'Title', hint: 'For people.', number: false, start: '' },
  { key: 'name', label: 'Name', hint: 'For files and labels: a–z, 0–9 and "-".', number: false, start: '' },
  { key: 'region', label: 'Region', hint: 'What policies allow or forbid.', number: false, start: '' },
  {
    key: 'jurisdiction',
    label: 'Jurisdiction',
    hint: 'Whose law holds, for instance EU.',
    number: false,
    start: '',
  },
  {
    key: 'securityTier',
    label: 'Security tier',
    hint: '1 to 5; 5 is the strictest.',
    number: true,
    start: '1',
  },
  { key: 'carbonGPerKwh', label: 'Carbon, g/kWh', hint: 'Of its electricity.', number: true, start: '300' },
  { key: 'hardwareClass', label: 'Hardware', hint: 'What one replica runs on.', number: false, start: '' },
  { key: 'pricePerReplicaHourUsd', label: 'Price, $/h', hint: 'Of one replica.', number: true, start: '' },
  { key: 'powerKw', label: 'Power, kW', hint: 'Of one replica.', number: true, start: '0.3' },
  {
    key: 'leadTimeP50Seconds',
    label: 'Lead time, median, s',
    hint: 'From asked to ready.',
    number: true,
    start: '60',
  },
  {
    key: 'leadTimeP90Seconds',
    label: 'Lead time, 90 %, s',
    hint: 'Nine in ten are ready by then.',
    number: true,
    start: '180',
  },
  { key: 'quotaReplicas', label: 'Quota, replicas', hint: 'No more can be had.', number: true, start: '100' },
  {
    key: 'pricePerMillionRequestsUsd',
    label: 'A million requests, $',
    hint: 'Of what starts by itself.',
    number: true,
    start: '',
    serverless: true,
  },
  {
    key: 'coldStartSeconds',
    label: 'Cold start, s',
    hint: 'Until a new instance answers.',
    number: true,
    start: '',
    serverless: true,
  },
  {
    key: 'concurrencyPerInstance',
    label: 'Requests at once',
    hint: 'That one instance serves.',
    number: true,
    start: '',
    serverless: true,
  },
] as const

export type PlaceKey = (typeof placeFields)[number]['key']
export type PlaceForm = Record<PlaceKey, string> & {
  kind: DomainKind
  market: Market
  offered: OfferingKind
}
export type DomainKind = 'on_premise' | 'cloud' | 'edge'
export type Market = 'on_demand' | 'spot' | 'reserved' | 'owned'

export const emptyPlace = {
  ...(Object.fromEntries(placeFields.map(({ key, start }) => [key, start])) as Record<PlaceKey, string>),
  kind: 'on_premise',
  market: 'owned',
  offered: 'instances',
} satisfies PlaceForm

/** Terms of requests are for what is serverless alone. */
export function fieldsOf({ offered }: Pick<PlaceForm, 'offered'>): (typeof placeFields)[number][] {
  return placeFields.filter((field) => !('serverless' in field) || offered === 'serverless')
}

/** `domainId` stands in until the place exists. */
const unsavedDomain = '00000000-0000-4000-8000-000000000000'

/** The form as both inputs, or what is wrong with which field. */
export function readPlace(form: PlaceForm) {
  const values = Object.fromEntries(
    fieldsOf(form).map(({ key, number }) => {
      const text = form[key].trim()
      return [key, number ? (text === '' ? undefined : Number(text)) : text]
    }),
  )
  const domain = domainInput.safeParse({ ...values, kind: form.kind })
  const offering = offeringInput.safeParse({
    ...values,
    kind: form.offered,
    market: form.market,
    domainId: unsavedDomain,
  })
  if (domain.success && offering.success) {
    return { ok: true as const, domain: domain.data, offering: offering.data }
  }
  const issues = [...(domain.error?.issues ?? []), ...(offering.error?.issues ?? [])]
  const errors: Record<string, string> = {}
  for (const { path, message } of issues) {
    errors[String(path[0])] ??= inWords(message)
  }
  return { ok: false as const, errors }
}

function inWords(message: string): string {
  if (message.startsWith('Invalid input: expected number')) return 'give a number'
  return message.startsWith('Too small: expected string') ? 'fill this in' : message
}
