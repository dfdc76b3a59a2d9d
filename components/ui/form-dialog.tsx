'use client'
import { type ReactNode, useId } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './states.tsx'

type FormDialogProps = {
  title: string
  /** One sentence: what this is about. */
  description?: ReactNode
  wide?: boolean
  /** As of `Dialog`: a question in the middle, or something long beside the page. */
  side?: 'center' | 'right'
  /** Word on the button that leaves without sending. */
  back?: string
  /** What the acting button says, and what it says meanwhile. */
  act: string
  acting: string
  danger?: boolean
  pending: boolean
  /** Whether there is enough to send. */
  ready?: boolean
  /** Title over `error`, such as "Not kept". */
  failed: string
  /** Why it was not taken, unless a field says so. */
  error?: string | null | false
  onSend: () => void
  onClose: () => void
  children: ReactNode
}

/** A question whose answer is sent: by its button or by Enter, once, and what went wrong stands above the fields. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, wide, side, back = 'Back', act, acting, danger, pending, ready = true } = props
  const formId = useId()
  const off = pending || !ready
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={title}
      description={description}
      wide={wide}
      side={side}
      footer={
        <>
          <Button onClick={props.onClose}>{back}</Button>
          <Button type="submit" form={formId} variant={danger ? 'danger' : 'primary'} disabled={off}>
            {pending ? acting : act}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(submit) => {
          submit.preventDefault()
          if (!off) props.onSend()
        }}
      >
        {props.error ? (
          <Notice tone="breach" title={props.failed}>
            {props.error}
          </Notice>
        ) : null}
        {props.children}
      </form>
    </Dialog>
  )
}
