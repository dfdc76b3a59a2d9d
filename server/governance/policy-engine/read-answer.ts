import { z } from 'zod'
import type { EngineAnswer } from './contract.ts'

const right = '{"result": true}, {"result": false} or {"result": {"allow": …, "reasons": ["…"]}} is right'
const maxReasons = 20
const maxReasonLength = 500

const clearResult = z.union([
  z.boolean(),
  z.strictObject({ allow: z.boolean(), reasons: z.array(z.string()).max(maxReasons).default([]) }),
])

/**
 * Holds the body of an answer against OPA's data API: `result` is a boolean, or says `allow` with its reasons. Everything else is no
 * verdict, an absent result too: that document is undefined.
 */
export function readAnswer(bytes: Uint8Array): EngineAnswer {
  const body = parsed(bytes)
  if (body === undefined) return none(`the answer is no JSON in UTF-8; ${right}`)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    return none(`the answer is ${excerpt(body)}; ${right}`)
  if (!('result' in body))
    return none(
      `the answer has no "result": the document at that address is undefined; check its path, and give the policy a default`,
    )
  const result = clearResult.safeParse(body.result)
  if (!result.success) return none(`"result" is ${excerpt(body.result)}; ${right}`)
  if (typeof result.data === 'boolean') return { kind: result.data ? 'allow' : 'deny', reasons: [] }
  const { allow, reasons } = result.data
  return { kind: allow ? 'allow' : 'deny', reasons: reasons.map((reason) => line(reason, maxReasonLength)) }
}

const none = (problem: string): EngineAnswer => ({ kind: 'none', problem })

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

const excerpt = (value: unknown): string => line(JSON.stringify(value), 80) || 'empty'

/** One line that can be kept and shown: without control characters and halves of pairs. */
function line(text: string, longest: number): string {
  const clean = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed()
  return clean.length > longest ? `${clean.slice(0, longest).toWellFormed()}…` : clean
}
