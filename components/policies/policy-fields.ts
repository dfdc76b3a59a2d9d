import { automationLevels } from '../../server/governance/contract.ts'
import type { PolicyInForce, PolicyValues } from '../../server/plan/contract.ts'
import { formatMoney, formatNumber, formatPercent } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'

export type NumberKey = {
  [Key in keyof PolicyValues]: PolicyValues[Key] extends number ? Key : never
}[keyof PolicyValues]

type NumberField = {
  key: NumberKey
  label: string
  hint: string
  /** What one typed unit is in the stored unit: percent 0.01, minutes 60. */
  factor: number
  show: (value: number) => string
}

const replicas = (value: number) => formatNumber(value)

/** The numbers of a policy in the order of the form, typed in the unit that people think in. */
export const numberFields: readonly NumberField[] = [
  { key: 'minReplicas', label: 'Least replicas', hint: 'Never fewer.', factor: 1, show: replicas },
  { key: 'maxReplicas', label: 'Most replicas', hint: 'Never more.', factor: 1, show: replicas },
  {
    key: 'maxStepUp',
    label: 'Most added at once',
    hint: 'Replicas per proposal.',
    factor: 1,
    show: replicas,
  },
  {
    key: 'maxStepDown',
    label: 'Most removed at once',
    hint: 'Replicas per proposal.',
    factor: 1,
    show: replicas,
  },
  {
    key: 'costLimitPerHourUsd',
    label: 'Cost limit, $/h',
    hint: 'What all replicas together may cost.',
    factor: 1,
    show: (value) => formatMoney(value, { per: 'h' }),
  },
  {
    key: 'surgeProbability',
    label: 'Sensitivity, %',
    hint: 'A surge is proposed for from this probability on. Lower is earlier, and more often for nothing.',
    factor: 0.01,
    show: (value) => formatPercent(value, Number.isInteger(value * 100) ? 0 : 1),
  },
  {
    key: 'penaltyRatio',
    label: 'Short against idle',
    hint: 'How many idle replica-hours one missing replica-hour is worth. 20 serves 95 % of outcomes.',
    factor: 1,
    show: (value) => `${formatNumber(value)}×, serves ${formatPercent(1 - 1 / value, 1)}`,
  },
  {
    key: 'approvalLeadSeconds',
    label: 'Approval lead, min',
    hint: 'How long people get to decide; the plan acts that much earlier.',
    factor: 60,
    show: formatDuration,
  },
  {
    key: 'scaleDownCooldownSeconds',
    label: 'Scale-down pause, min',
    hint: 'After any change, before replicas are taken away.',
    factor: 60,
    show: formatDuration,
  },
  {
    key: 'carbonPriceUsdPerKg',
    label: 'Carbon price, $/t',
    hint: 'What a tonne of CO₂ counts beside money when pools are chosen. 0 counts money alone.',
    factor: 0.001,
    show: (value) => `${formatMoney(value * 1_000)} a tonne`,
  },
]

export const levelWords: Record<PolicyValues['automationLevel'], string> = {
  observe: 'Observe: forecast, propose nothing',
  recommend: 'Recommend: propose, nobody can approve',
  approve: 'Approve: propose, people approve each',
  automatic: 'Automatic: rules decide within their bounds, where it was earned',
}

/** Levels that can be chosen. */
export const levelChoices: PolicyValues['automationLevel'][] = [...automationLevels]

export type FieldChange = { label: string; before: string; after: string }

/** Field by field, what differs; everything when there was no policy before. */
export function policyChanges(before: PolicyInForce | null, after: PolicyValues): FieldChange[] {
  const regions = (values: readonly string[]) => [...values].sort().join(', ')
  const rows = [
    ...numberFields.map(({ key, label, show }) => ({
      label: label.replace(/, .*$/, ''),
      before: before ? show(before[key]) : '',
      after: show(after[key]),
    })),
    {
      label: 'Allowed regions',
      before: before ? regions(before.allowedRegions) : '',
      after: regions(after.allowedRegions),
    },
    {
      label: 'Automation',
      before: before ? levelWords[before.automationLevel] : '',
      after: levelWords[after.automationLevel],
    },
  ]
  return rows.filter((row) => row.before !== row.after)
}
