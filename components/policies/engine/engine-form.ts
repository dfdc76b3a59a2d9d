import {
  type EngineEnforcement,
  type PolicyEngineView,
  type SetPolicyEngineInput,
  setPolicyEngineInput,
} from '../../../server/governance/contract.ts'

/** The form of a policy engine, as typed. */
export type EngineForm = {
  url: string
  /** Left empty: the token that is kept stays, or none is sent. */
  token: string
  noToken: boolean
  timeoutMs: string
  enforcement: EngineEnforcement
  reason: string
}

export function formOf({ engine }: PolicyEngineView): EngineForm {
  return {
    url: engine?.url ?? '',
    token: '',
    noToken: false,
    timeoutMs: String(engine?.timeoutMs ?? 2_000),
    enforcement: engine?.enforcement ?? 'hard-mandatory',
    reason: '',
  }
}

type Read = { input: SetPolicyEngineInput; errors: null } | { input: null; errors: Record<string, string> }

/** What is sent, or what is wrong with which field. */
export function readEngine(form: EngineForm, view: Pick<PolicyEngineView, 'version'>): Read {
  const input = {
    url: form.url.trim(),
    ...(form.noToken ? { token: null } : form.token === '' ? {} : { token: form.token }),
    timeoutMs: Number(form.timeoutMs || Number.NaN),
    enforcement: form.enforcement,
    reason: form.reason.trim(),
    basedOn: view.version,
  }
  const parsed = setPolicyEngineInput.safeParse(input)
  const errors = Object.fromEntries(
    (parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), `${message}.`]),
  )
  if (!URL.canParse(input.url))
    errors.url = 'Enter an address, such as https://opa.example.org/v1/data/infrasage/allow.'
  return Object.keys(errors).length > 0 ? { input: null, errors } : { input, errors: null }
}
