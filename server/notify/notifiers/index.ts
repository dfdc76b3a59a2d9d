import type { NotifierKind } from '../contract.ts'
import type { Notifier } from '../notifier.ts'
import { email } from './email.ts'
import { slack } from './slack.ts'
import { webhook } from './webhook.ts'

/** Hides what a notifier's settings look like: only the notifier itself reads them. */
function sealed<Config extends Record<string, unknown>>(notifier: Notifier<Config>): Notifier {
  return {
    parseConfig: (raw) => notifier.parseConfig(raw),
    destinationOf: (config) => notifier.destinationOf(notifier.parseConfig(config)),
    secretOf: (config) => notifier.secretOf(notifier.parseConfig(config)),
    deliver: (notice, config, surroundings) =>
      notifier.deliver(notice, notifier.parseConfig(config), surroundings),
  }
}

export const notifiers: Record<NotifierKind, Notifier> = {
  webhook: sealed(webhook),
  slack: sealed(slack),
  email: sealed(email),
}
