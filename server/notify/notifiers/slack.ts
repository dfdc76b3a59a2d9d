import { z } from 'zod'
import { parseInput } from '../../kernel/parse.ts'
import type { Notice } from '../contract.ts'
import type { Notifier } from '../notifier.ts'
import { postJson } from './http.ts'
import { hostOf, outboundAddress } from './parse-settings.ts'

const configSchema = z.strictObject({ url: outboundAddress })
type Config = z.infer<typeof configSchema>

/** What Slack reads as markup in mrkdwn is written so that it stands for itself (docs.slack.dev, "Escaping text"). */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A message of blocks with a link. No buttons: whoever follows the link signs in, and decides there. */
export function slackMessage(notice: Notice, baseUrl: string): Record<string, unknown> {
  const link = `<${encodeURI(`${baseUrl}${notice.path}`)}|Open in InfraSage>`
  const lines = [`*${escaped(notice.title)}*`, escaped(notice.text), link].filter((line) => line !== '')
  return {
    // What a notification shows, where blocks are not drawn.
    text: escaped(notice.title),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } }],
    unfurl_links: false,
  }
}

/** An incoming webhook of Slack, or of whatever takes the same form. */
export const slack: Notifier<Config> = {
  parseConfig: (raw) => parseInput(configSchema, raw, 'Slack webhook'),
  destinationOf: ({ url }) => hostOf(url),
  secretOf: () => null,
  deliver: (notice, { url }, surroundings) =>
    postJson(url, {}, JSON.stringify(slackMessage(notice, surroundings.baseUrl)), surroundings),
}
