'use client'
import { type ReactNode, useState } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { lacksReason, WhyField } from './why-field.tsx'

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
  onOpenChange,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const send = async () => {
    setAsked(true)
    if (lacksReason(reason)) return
    try {
      await onSend(reason.trim())
      onOpenChange(false)
    } catch (error) {
      setRefused(errorMessageOf(error))
    }
  }
  return (
    <FormDialog
      title={title}
      description={description}
      act={action}
      acting="Sending"
      danger={variant === 'danger'}
      pending={busy}
      ready={obstacle === null}
      failed={obstacle === null ? 'Not sent' : 'It cannot be sent'}
      error={obstacle ?? refused}
      onSend={() => void send()}
      onClose={() => onOpenChange(false)}
    >
      {children}
      <WhyField
        reason={reason}
        asked={asked}
        onReason={setReason}
        autoFocus
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey))
            event.currentTarget.form?.requestSubmit()
        }}
      />
    </FormDialog>
  )
}
