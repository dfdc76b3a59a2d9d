'use client'
import type { NotifierKind } from '../../server/notify/contract.ts'
import { Field, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import type { ConfigForm } from './config-form.ts'

type FieldsProps = {
  kind: NotifierKind
  form: ConfigForm
  /** What the server says of a setting, by its name. */
  wrong: Record<string, string | undefined>
  onChange: (change: Partial<ConfigForm>) => void
}

const securities = [
  { value: 'starttls', label: 'STARTTLS, required' },
  { value: 'tls', label: 'TLS from the start' },
  { value: 'none', label: 'none: readable on the way' },
] as const

/** The settings of a notifier: an address, or a mail server. */
export function NotifierFields({ kind, form, wrong, onChange }: FieldsProps) {
  const text = (
    key: 'url' | 'host' | 'port' | 'user' | 'password' | 'from' | 'to',
    label: string,
    hint?: string,
  ) => (
    <Field label={label} hint={hint} error={wrong[key]}>
      {(ids) => (
        <Input
          {...ids}
          type={key === 'password' ? 'password' : 'text'}
          autoComplete="off"
          spellCheck={false}
          inputMode={key === 'port' ? 'numeric' : undefined}
          value={form[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  )
  if (kind === 'webhook') {
    return text('url', 'Address', 'Gets a CloudEvent by POST, signed as Standard Webhooks has it.')
  }
  if (kind === 'slack') {
    return text(
      'url',
      'Incoming webhook of Slack',
      'https://hooks.slack.com/services/…; kept like a password.',
    )
  }
  return (
    <>
      <div className="grid grid-cols-[1fr_6rem] gap-3">
        {text('host', 'Mail server')}
        {text('port', 'Port')}
      </div>
      <Field label="Encryption" error={wrong.security}>
        {(ids) => (
          <Select
            id={ids.id}
            value={form.security}
            options={securities}
            onChange={(security) => onChange({ security })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        {text('user', 'User', 'Empty where the server asks for none.')}
        {text('password', 'Password')}
      </div>
      {text('from', 'From')}
      {text('to', 'To', 'One or more addresses, separated by commas.')}
    </>
  )
}
