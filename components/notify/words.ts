import type { ChannelView, DeliveryView, NotifierKind, Topic } from '../../server/notify/contract.ts'
import type { Tone } from '../ui/badge.tsx'
import type { CheckOption } from '../ui/check-list.tsx'

export const topicOptions: readonly CheckOption<Topic>[] = [
  {
    value: 'proposal',
    label: 'A proposal waits',
    hint: 'What would be done, and by when a decision is useful.',
  },
  { value: 'deadline', label: 'A deadline passed', hint: 'Nobody decided in time.' },
  { value: 'decision', label: 'Somebody decided', hint: 'Approved, overridden or rejected, and by whom.' },
  {
    value: 'dispatch-trouble',
    label: 'Carrying out went wrong',
    hint: 'Failed, unclear, void or taken back.',
  },
  { value: 'dispatch-done', label: 'Carried out and verified' },
  { value: 'budget', label: 'A budget reached a mark', hint: '50, 75, 90 or 100%.' },
  { value: 'safety', label: 'Safety', hint: 'The log does not verify, or submissions run in a loop.' },
  { value: 'policy', label: 'Policies and rules changed' },
  { value: 'access', label: 'People and keys changed' },
]

const shortTopics: Record<DeliveryView['topic'], string> = {
  proposal: 'proposals',
  deadline: 'deadlines',
  decision: 'decisions',
  'dispatch-trouble': 'trouble',
  'dispatch-done': 'verified',
  budget: 'budgets',
  safety: 'safety',
  policy: 'policies',
  access: 'access',
  test: 'test',
}

/** What a channel tells of, in few words. */
export function topicWords(topics: readonly DeliveryView['topic'][]): string {
  return topics.map((topic) => shortTopics[topic]).join(', ')
}

export const kindOptions: readonly { value: NotifierKind; label: string }[] = [
  { value: 'webhook', label: 'Webhook' },
  { value: 'slack', label: 'Slack' },
  { value: 'email', label: 'E-mail' },
]

export const deliveryLooks: Record<DeliveryView['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'waits', tone: 'wait' },
  delivered: { word: 'delivered', tone: 'verified' },
  dead: { word: 'given up', tone: 'breach' },
}

/** How a channel fares. */
export function channelLook({ active, dead, lastError }: ChannelView): { word: string; tone: Tone } {
  if (!active) return { word: 'paused', tone: 'neutral' }
  if (lastError !== null) return { word: dead > 0 ? 'gave up' : 'fails', tone: 'breach' }
  return { word: 'works', tone: 'verified' }
}
