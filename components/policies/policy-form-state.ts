import { type PolicyInForce, type PolicyValues, policyValues } from '../../server/plan/contract.ts'
import { type NumberKey, numberFields } from './policy-fields.ts'

/** What stands in the form: numbers as typed. */
export type PolicyForm = {
  numbers: Record<NumberKey, string>
  allowedRegions: string[]
  automationLevel: PolicyValues['automationLevel']
}

/** A start for a workload that has no policy yet: careful, and small. */
const firstPolicy: Omit<PolicyValues, 'allowedRegions'> = {
  minReplicas: 1,
  maxReplicas: 10,
  maxStepUp: 4,
  maxStepDown: 2,
  costLimitPerHourUsd: 50,
  penaltyRatio: 20,
  surgeProbability: 0.2,
  approvalLeadSeconds: 600,
  scaleDownCooldownSeconds: 900,
  carbonPriceUsdPerKg: 0,
  automationLevel: 'approve',
}

export function formOf(policy: PolicyInForce | null): PolicyForm {
  const values = policy ?? { ...firstPolicy, allowedRegions: [] }
  const numbers = Object.fromEntries(
    numberFields.map(({ key, factor }) => [key, String(Number((values[key] / factor).toPrecision(15)))]),
  ) as Record<NumberKey, string>
  return { numbers, allowedRegions: [...values.allowedRegions], automationLevel: values.automationLevel }
}

export type ReadForm =
  | { ok: true; values: PolicyValues }
  | { ok: false; errors: Partial<Record<keyof PolicyValues, string>> }

/** The form as policy values in stored units, or what is wrong with which field. */
export function readForm(form: PolicyForm): ReadForm {
  const numbers = Object.fromEntries(
    numberFields.map(({ key, factor }) => {
      const typed = form.numbers[key].trim()
      const value = typed === '' ? Number.NaN : Number(typed) * factor
      return [key, Number(value.toPrecision(12))]
    }),
  )
  const { allowedRegions, automationLevel } = form
  const parsed = policyValues.safeParse({ ...numbers, allowedRegions, automationLevel })
  if (parsed.success) return { ok: true, values: parsed.data }
  const errors: Partial<Record<keyof PolicyValues, string>> = {}
  for (const { path, message } of parsed.error.issues) {
    const key = path[0] as keyof PolicyValues
    errors[key] ??= message.replace('Invalid input: expected number, received NaN', 'give a number')
  }
  return { ok: false, errors }
}
