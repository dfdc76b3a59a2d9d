import { type OutboundAnswer, postOutbound } from '../../kernel/outbound.ts'
import { NotTakenError, type Surroundings } from '../notifier.ts'

const timeoutMs = 10_000
const maxAnswerBytes = 64 * 1024
/** Of what the other side says, so much is kept. */
const quotedLength = 200
/** No wait that the other side asks for is longer. */
const longestRetrySeconds = 3_600

/** Posts JSON, guarded. Any 2xx is "taken". @throws NotTakenError with what the other side said, OutboundError */
export async function postJson(
  url: string,
  headers: Record<string, string>,
  body: string,
  { privateHosts, now }: Surroundings,
): Promise<void> {
  const answer = await postOutbound({ url, headers, body, timeoutMs, maxAnswerBytes, privateHosts })
  if (answer.status >= 200 && answer.status < 300) return
  const said = answer.body.toString('utf8').replace(/\s+/g, ' ').trim().slice(0, quotedLength)
  throw new NotTakenError(`it answered ${answer.status}${said ? `: ${said}` : ''}`, {
    retryAfterSeconds: retryAfter(answer, now),
    // Gone for good, as Standard Webhooks has it.
    final: answer.status === 410,
  })
}

/** `Retry-After` in seconds, whether it is a number or a date (RFC 9110, 10.2.3); null if there is none. */
function retryAfter({ headers }: OutboundAnswer, now: Date): number | null {
  const value = headers['retry-after']
  if (value === undefined) return null
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), longestRetrySeconds) : null
}
