'use client'
import { useState } from 'react'
import type { PlanContent } from '../../server/plan/contract.ts'
import { useMay } from '../frame/session.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'

/** What stands between a person and a plan that soft-mandatory rules refuse. */
export type WaiverState = {
  /** Messages of the rules that have to give way; empty where none is in the way. */
  messages: string[]
  mayWaive: boolean
  text: string
  setText: (text: string) => void
  /** Whether nothing is missing. */
  ready: boolean
  /** What is sent with the decision. */
  sent: string | undefined
}

/** Soft rules in the way of a plan, and the reason for which the person lets them pass. */
export function useWaiver(content: PlanContent | null): WaiverState {
  const mayWaive = useMay('policy.waive')
  const [text, setText] = useState('')
  const messages = (content?.policyResults ?? [])
    .filter(({ passed, enforcement }) => !passed && enforcement === 'soft-mandatory')
    .map(({ message }) => message)
  const given = text.trim().length >= 3
  return {
    messages,
    mayWaive,
    text,
    setText,
    ready: messages.length === 0 || (mayWaive && given),
    sent: messages.length > 0 ? text.trim() : undefined,
  }
}

/** Says which soft rules are in the way, and asks whoever may let them pass for the reason. */
export function WaiverField({ waiver }: { waiver: WaiverState }) {
  if (waiver.messages.length === 0) return null
  return (
    <div className="flex flex-col gap-3">
      <Notice
        tone="wait"
        title={waiver.mayWaive ? 'Soft rules stand against it' : 'Only an admin may let these rules pass'}
      >
        <ul>
          {waiver.messages.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      </Notice>
      {waiver.mayWaive ? (
        <Field label="Why the rule may pass this once" hint="Kept with the decision and in the log.">
          {(ids) => (
            <Textarea
              {...ids}
              value={waiver.text}
              maxLength={2_000}
              onChange={(event) => waiver.setText(event.target.value)}
            />
          )}
        </Field>
      ) : null}
    </div>
  )
}
