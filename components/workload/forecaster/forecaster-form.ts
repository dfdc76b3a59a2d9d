import {
  type ForecasterView,
  type SetForecasterInput,
  setForecasterInput,
} from '../../../server/forecast/contract.ts'

/** The form of a team's forecaster, as typed. */
export type ForecasterForm = {
  name: string
  url: string
  secretHeader: string
  /** Left empty: the secret that is kept stays. */
  secret: string
  timeoutMs: string
  windowSteps: string
  active: boolean
}

export function formOf(forecaster: ForecasterView | null): ForecasterForm {
  return {
    name: forecaster?.name ?? '',
    url: forecaster?.url ?? '',
    secretHeader: forecaster?.secretHeader ?? '',
    secret: '',
    timeoutMs: String(forecaster?.timeoutMs ?? 2_000),
    windowSteps: String(forecaster?.windowSteps ?? 1_440),
    active: forecaster?.active ?? true,
  }
}

/** What is sent, or what is wrong with which field. */
export function readForecaster(
  form: ForecasterForm,
  workloadId: string,
): { input: SetForecasterInput; errors: null } | { input: null; errors: Record<string, string> } {
  const input = {
    workloadId,
    name: form.name.trim(),
    url: form.url.trim(),
    secretHeader: form.secretHeader.trim() || null,
    secret: form.secret || undefined,
    timeoutMs: Number(form.timeoutMs || Number.NaN),
    windowSteps: Number(form.windowSteps || Number.NaN),
    active: form.active,
  }
  const parsed = setForecasterInput.safeParse(input)
  const errors = Object.fromEntries(
    (parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), `${message}.`]),
  )
  if (!URL.canParse(input.url)) errors.url = 'Enter an address, such as https://models.example.org/forecast.'
  return Object.keys(errors).length > 0 ? { input: null, errors } : { input, errors: null }
}
