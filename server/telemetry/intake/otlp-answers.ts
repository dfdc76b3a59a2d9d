import { create, type DescMessage, type MessageShape, toBinary, toJsonString } from '@bufbuild/protobuf'
import type { Context } from '../../kernel/context.ts'
import { type ErrorCode, httpStatus, ServiceError, UnavailableError } from '../../kernel/errors.ts'
import { createLogger } from '../../kernel/log.ts'
import { logTurnedAway } from '../../kernel/turned-away.ts'
import type { OtlpEncoding } from '../wire/decode-otlp.ts'
import { ExportMetricsServiceResponseSchema, StatusSchema } from '../wire/generated/otlp_metrics_pb.ts'

/** google.rpc.Code of each refusal. */
const rpcCode: Record<ErrorCode, number> = {
  invalid_input: 3,
  not_found: 5,
  forbidden: 7,
  too_large: 8,
  rate_limited: 8,
  conflict: 10,
  unsupported: 12,
  unavailable: 14,
  unauthenticated: 16,
}

/** 200; `partialSuccess` is there only when points were left out. */
export function otlpSuccess(encoding: OtlpEncoding, leftOut: { points: number; message: string }): Response {
  const partialSuccess =
    leftOut.points > 0
      ? { rejectedDataPoints: BigInt(leftOut.points), errorMessage: leftOut.message }
      : undefined
  const message = create(ExportMetricsServiceResponseSchema, { partialSuccess })
  return answer(encoding, 200, ExportMetricsServiceResponseSchema, message)
}

/** The refusal of whatever was thrown; what is not a refusal is logged and becomes a 503 that may be tried again. */
export function otlpRefusal(encoding: OtlpEncoding, error: unknown, ctx: Context | undefined): Response {
  const refusal =
    error instanceof ServiceError
      ? error
      : new UnavailableError(
          `Something failed on our side, and nothing of this request was kept. It is in our log as ${ctx?.requestId ?? 'an OTLP request'}.`,
        )
  const log = ctx?.log ?? createLogger('web')
  if (refusal === error) {
    logTurnedAway(refusal, { log, requestId: ctx?.requestId ?? 'an OTLP request', actor: ctx?.actor })
  } else {
    log.error({ requestId: ctx?.requestId, err: error }, 'an OTLP request failed')
  }
  const status = create(StatusSchema, { code: rpcCode[refusal.code], message: refusal.message })
  return answer(encoding, httpStatus[refusal.code], StatusSchema, status)
}

function answer<Desc extends DescMessage>(
  encoding: OtlpEncoding,
  status: number,
  schema: Desc,
  message: MessageShape<Desc>,
): Response {
  return encoding === 'json'
    ? new Response(toJsonString(schema, message), { status, headers: { 'Content-Type': 'application/json' } })
    : new Response(Buffer.from(toBinary(schema, message)), {
        status,
        headers: { 'Content-Type': 'application/x-protobuf' },
      })
}
