import { z } from 'zod'
import { OutboundError, outboundUrl } from '../../kernel/outbound.ts'

/** An address that may be called at all; a private one only when the administrator of the host lists it. */
export const outboundAddress = z.string().superRefine((url, check) => {
  try {
    outboundUrl(url)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    check.addIssue({ code: 'custom', message: error.message })
  }
})

/** Without what may be secret in it: Slack's addresses, for one, are passwords. */
export function hostOf(url: string): string {
  return new URL(url).host
}
