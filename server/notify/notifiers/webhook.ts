import { z } from 'zod'
import { parseInput } from '../../kernel/parse.ts'
import { newSecret, signatureHeaders } from '../../kernel/webhook-signature.ts'
import { cloudEvent } from '../cloud-event.ts'
import type { Notifier } from '../notifier.ts'
import { postJson } from './http.ts'
import { hostOf, outboundAddress } from './parse-settings.ts'

const configSchema = z.strictObject({
  url: outboundAddress,
  /** Made here when none is given. */
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be "whsec_" and 24 to 64 bytes in base64')
    .default(newSecret),
})
type Config = z.infer<typeof configSchema>

/** CloudEvents 1.0 in structured JSON, signed as Standard Webhooks has it. */
export const webhook: Notifier<Config> = {
  parseConfig: (raw) => parseInput(configSchema, raw, 'webhook'),
  destinationOf: ({ url }) => hostOf(url),
  secretOf: ({ secret }) => secret,
  deliver: async (notice, { url, secret }, surroundings) => {
    const body = JSON.stringify(cloudEvent(notice, surroundings.baseUrl))
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ...signatureHeaders(secret, notice.id, surroundings.now, body),
    }
    await postJson(url, headers, body, surroundings)
  },
}
