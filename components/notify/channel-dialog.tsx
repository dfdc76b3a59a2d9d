'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ChannelView, NotifierKind, Topic } from '../../server/notify/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Secret } from '../ui/secret.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { configOf, emptyConfig, isFilled } from './config-form.ts'
import { NotifierFields } from './notifier-fields.tsx'
import { kindOptions, topicOptions } from './words.ts'

const firstTopics: Topic[] = ['proposal', 'deadline', 'dispatch-trouble', 'safety']

/** Makes a channel, or changes one; the settings of one that is changed are never shown, and stay unless replaced. */
export function ChannelDialog({ channel, onClose }: { channel: ChannelView | null; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('notifier')
  const [name, setName] = useState(channel?.name ?? '')
  const [kind, setKind] = useState<NotifierKind>(channel?.kind ?? 'webhook')
  const [topics, setTopics] = useState<Topic[]>(channel?.topics ?? firstTopics)
  const [form, setForm] = useState(emptyConfig)
  const [replacing, setReplacing] = useState(channel === null)
  const create = useMutation(trpc.notifier.create.mutationOptions({ onSuccess: refresh }))
  const update = useMutation(
    trpc.notifier.update.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`${name} changed`)
        onClose()
      },
    }),
  )
  const { error, isPending } = channel ? update : create
  const wrong = fieldErrorsOf(error)
  const isPlaced = Object.keys(wrong).length > 0
  const send = () => {
    const config = replacing ? configOf(kind, form) : undefined
    if (channel) update.mutate({ channelId: channel.id, name, topics, config })
    else create.mutate({ name, kind, topics, config: config ?? {} })
  }
  if (create.data) return <ChannelMadeDialog name={name} secret={create.data.secret} onClose={onClose} />
  return (
    <FormDialog
      title={channel ? `Change ${channel.name}` : 'New channel'}
      description="It says what happened, with a link. Deciding is done after signing in, never from a message."
      wide
      act={channel ? 'Change' : 'Make the channel'}
      acting={channel ? 'Changing' : 'Making the channel'}
      pending={isPending}
      ready={name.trim() !== '' && topics.length > 0 && (!replacing || isFilled(kind, form))}
      failed={channel ? 'Not changed' : 'No channel was made'}
      error={error && (isPlaced ? null : errorMessageOf(error))}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" hint="For people, such as on-call EU." error={wrong.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {channel ? null : <Segmented label="Kind" value={kind} options={kindOptions} onChange={setKind} />}
      {replacing ? (
        <NotifierFields
          kind={kind}
          form={form}
          wrong={wrong}
          onChange={(change) => setForm({ ...form, ...change })}
        />
      ) : (
        <p className="flex flex-wrap items-center gap-2">
          It goes to {channel?.destination}.
          <Button size="sm" onClick={() => setReplacing(true)}>
            Replace the settings
          </Button>
        </p>
      )}
      <CheckList
        label="What it tells of"
        options={topicOptions}
        value={topics}
        onChange={setTopics}
        error={wrong.topics}
        className="sm:grid sm:grid-cols-2 sm:gap-x-4"
      />
    </FormDialog>
  )
}

function ChannelMadeDialog({
  name,
  secret,
  onClose,
}: {
  name: string
  secret: string | null
  onClose: () => void
}) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${name} is made`}
      description="It tells of what happens from now on. Send it a test from its row."
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {secret ? (
        <Secret label="Signing secret" value={secret} />
      ) : (
        <p>Nothing more is needed on the other side.</p>
      )}
    </Dialog>
  )
}
