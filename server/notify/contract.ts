import { z } from 'zod'

/** What people can ask to be told of. */
export const topics = [
  'proposal',
  'deadline',
  'decision',
  'dispatch-done',
  'dispatch-trouble',
  'budget',
  'safety',
  'policy',
  'access',
] as const
export type Topic = (typeof topics)[number]

/** How soon somebody should look: `alert` at once, `action` before a deadline, `info` at leisure. */
export const urgencies = ['info', 'action', 'alert'] as const
export type Urgency = (typeof urgencies)[number]

/**
 * What is told of one entry of the log. `id`: the same at each attempt, so that a receiver can tell a repetition.
 * `path`: the page of the product to look at; whoever follows it signs in there, and decides there.
 */
export const noticeSchema = z.object({
  id: z.string(),
  /** Sequence number of the log's entry; 0 for a test. */
  seq: z.number().int().min(0),
  at: z.iso.datetime(),
  topic: z.enum([...topics, 'test']),
  /** Action of the entry, such as "proposal.create". */
  action: z.string(),
  /** Subject of the entry, such as "proposal/<id>". */
  subject: z.string(),
  urgency: z.enum(urgencies),
  title: z.string(),
  text: z.string(),
  path: z.string(),
  workload: z.string().nullable(),
  /** By when a decision is useful. */
  actBy: z.iso.datetime().nullable(),
})
export type Notice = z.infer<typeof noticeSchema>

export const notifierKinds = ['webhook', 'slack', 'email'] as const
export type NotifierKind = (typeof notifierKinds)[number]

const name = z.string().trim().min(1, 'is empty').max(100)
const topicList = z.array(z.enum(topics)).min(1, 'names nothing to be told of').max(topics.length)
/** Checked by the notifier, which names the setting that is wrong. */
const config = z.record(z.string(), z.unknown())

export const channelInput = z.object({ name, kind: z.enum(notifierKinds), topics: topicList, config })
export type ChannelInput = z.infer<typeof channelInput>

/** What is absent stays as it is; `config` replaces all settings of the notifier. */
export const updateChannelInput = z.object({
  channelId: z.uuid(),
  name: name.optional(),
  topics: topicList.optional(),
  active: z.boolean().optional(),
  config: config.optional(),
})
export type UpdateChannelInput = z.infer<typeof updateChannelInput>

export const channelIdInput = z.object({ channelId: z.uuid() })
export type ChannelIdInput = z.infer<typeof channelIdInput>

export const deliveryStates = ['waiting', 'delivered', 'dead'] as const
export type DeliveryStateName = (typeof deliveryStates)[number]

export const deliveriesQuery = z.object({
  channelId: z.uuid().optional(),
  state: z.enum(deliveryStates).optional(),
  /** Id of the last row of the page before. */
  after: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
})
export type DeliveriesQuery = z.input<typeof deliveriesQuery>

export const redriveInput = z.object({ deliveryId: z.uuid() })
export type RedriveInput = z.infer<typeof redriveInput>

/** A channel without its secrets. */
export type ChannelView = {
  id: string
  name: string
  kind: NotifierKind
  destination: string
  topics: Topic[]
  active: boolean
  createdAt: string
  waiting: number
  dead: number
  lastDeliveredAt: string | null
  /** What the last failed attempt said, while notices wait or are given up because of it. */
  lastError: string | null
}

/** `secret`: what signs a webhook's messages; told once. */
export type ChannelMade = { id: string; secret: string | null }

export type DeliveryView = {
  id: string
  channelId: string
  channel: string
  seq: number
  title: string
  topic: Notice['topic']
  state: DeliveryStateName
  attempts: number
  createdAt: string
  deliveredAt: string | null
  /** When it is tried next; null when it is not. */
  dueAt: string | null
  lastError: string | null
}

/** What a try brought: `ok` false with what the other side said. */
export type ChannelTest = { ok: boolean; message: string }
