import { canonicalText } from '../../audit/index.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import { OutboundError, outboundUrl, postOutbound } from '../../kernel/outbound.ts'
import type { EngineAnswer } from './contract.ts'
import type { PolicyEngine } from './engine.ts'
import { readAnswer } from './read-answer.ts'

/** A verdict is short; what is longer is something else. */
const maxAnswerBytes = 65_536

/** Asks by OPA's data API: `POST <url>` with `{"input": …}`. */
export const httpEngine: PolicyEngine = {
  requireUsable: ({ url }) => {
    try {
      outboundUrl(url)
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      const { message } = error
      throw new InvalidInputError(`The policy engine is not valid: ${message}`, [{ path: 'url', message }])
    }
  },
  judge: async (question, { url, token, timeoutMs }, { privateHosts }) => {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    try {
      const body = canonicalText({ input: question })
      const answer = await postOutbound({ url, headers, body, timeoutMs, maxAnswerBytes, privateHosts })
      return withoutToken(verdictIn(answer), token)
    } catch (error) {
      if (error instanceof OutboundError) return { kind: 'none', problem: error.message }
      throw error
    }
  },
}

function verdictIn({ status, body }: { status: number; body: Uint8Array }): EngineAnswer {
  if (status >= 300 && status < 400)
    return {
      kind: 'none',
      problem: `it answered ${status}; redirects are not followed, give the final address`,
    }
  if (status === 401 || status === 403)
    return { kind: 'none', problem: `it answered ${status}, expected 200; check the token` }
  if (status === 404)
    return {
      kind: 'none',
      problem: 'it answered 404, expected 200; check the path, such as /v1/data/infrasage/allow',
    }
  if (status !== 200) return { kind: 'none', problem: `it answered ${status}, expected 200` }
  return readAnswer(body)
}

/** What an engine says is shown to everybody: one that echoes the request must not show the token. */
function withoutToken(answer: EngineAnswer, token: string | null): EngineAnswer {
  if (token === null) return answer
  const clean = (text: string) => text.replaceAll(token, '[token]')
  return answer.kind === 'none'
    ? { ...answer, problem: clean(answer.problem) }
    : { ...answer, reasons: answer.reasons.map(clean) }
}
