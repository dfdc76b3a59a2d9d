'use client'
import { type ReactNode, useState } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { CommandKey } from '../ui/kbd.tsx'

type ReasonDialogProps = {
  title: string
  description: ReactNode
  /** What the button does, in words. */
  action: string
  /** How it looks: most of what needs a reason takes something away. */
  variant?: 'danger' | 'primary'
  busy: boolean
  /** What stands against sending, known beforehand; the button waits until it is gone. */
  obstacle?: string | null
  children?: ReactNode
  onSend: (reason: string) => Promise<unknown>
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Asks why, for the log, before it acts. */
export function ReasonDialog({
  title,
  description,
  action,
  variant = 'danger',
  busy,
  obstacle = null,
  children,
  onSend,
  open,
  onOpenChange,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const missing = reason.trim().length < 3
  const send = async () => {
    setAsked(true)
    if (missing || busy || obstacle !== null) return
    try {
      await onSend(reason.trim())
      onOpenChange(false)
    } catch (error) {
      setRefused(errorMessageOf(error))
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant={variant} disabled={busy || obstacle !== null} onClick={send}>
            {busy ? 'Sending' : action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {children}
        {(obstacle ?? refused) ? (
          <p role="alert" className="text-breach">
            {obstacle ?? `Not sent. ${refused}`}
          </p>
        ) : null}
        <Field
          label="Why"
          hint={
            <>
              Kept in the log and shown with the decision. <CommandKey name="Enter" /> sends.
            </>
          }
          error={asked && missing ? 'Say why in at least three characters.' : null}
        >
          {(ids) => (
            <Textarea
              {...ids}
              autoFocus
              value={reason}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send()
              }}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
