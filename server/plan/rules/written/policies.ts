import { policySetTextToParts, policyToJson, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { WrittenFacts } from '../../contract.ts'
import { written } from './places.ts'
import { tooMuchForCedar } from './recursion.ts'
import { requestOf } from './request.ts'

/** One policy of a text: what it is called, what it tells whoever it refuses, and where it begins. */
export type WrittenPolicy = {
  id: string
  message: string | null
  effect: 'permit' | 'forbid'
  offset: number
}

/** `forbidden`: the policies that refuse. `fault`: why nothing could be said, which counts as refused. */
export type WrittenVerdict = { forbidden: WrittenPolicy[]; fault: string | null }

/** The policies of a text in their order; null where it is not Cedar, or more than Cedar can be trusted with. */
export function policiesOf(text: string): WrittenPolicy[] | null {
  if (tooMuchForCedar(text) !== null) return null
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure' || parts.policy_templates.length > 0) return null
  let from = 0
  return parts.policies.map((policy, index) => {
    const json = policyToJson(policy)
    const { effect, annotations = {} } =
      json.type === 'success' ? json.json : { effect: 'forbid' as const, annotations: {} }
    const offset = Math.max(from, text.indexOf(policy, from))
    from = offset + policy.length
    return {
      id: annotations.id ?? `policy ${index + 1}`,
      message: annotations.message ?? null,
      effect,
      offset,
    }
  })
}

/** Policies ready to be asked about any number of actions; the same question is put to Cedar once. */
export function writtenJudge(text: string): (facts: Required<WrittenFacts>) => WrittenVerdict {
  const policies = policiesOf(text)
  const answers = new Map<string, WrittenVerdict>()
  return (facts) => {
    if (policies === null) return { forbidden: [], fault: 'its text is not valid Cedar' }
    const key = JSON.stringify(facts)
    const known = answers.get(key)
    if (known) return known
    const answer = ask(text, policies, facts)
    answers.set(key, answer)
    return answer
  }
}

function ask(
  text: string,
  policies: readonly WrittenPolicy[],
  facts: Required<WrittenFacts>,
): WrittenVerdict {
  const place = written.placeOf(text)
  if (place === null) return { forbidden: [], fault: 'its text is not valid Cedar' }
  const answer = statefulIsAuthorized({ ...requestOf(facts), preparsedPolicySetId: place })
  if (answer.type === 'failure') return { forbidden: [], fault: answer.errors[0]?.message ?? 'Cedar failed' }
  const { decision, diagnostics } = answer.response
  const [error] = diagnostics.errors
  // Cedar leaves a policy out that fails on a request, which would let pass what it is there to refuse.
  if (error) return { forbidden: [], fault: error.error.message }
  if (decision === 'allow') return { forbidden: [], fault: null }
  const named = diagnostics.reason.flatMap((id) => policies[Number(id.replace('policy', ''))] ?? [])
  return { forbidden: named, fault: named.length > 0 ? null : 'it refuses without naming a policy' }
}
