'use client'
import { useState } from 'react'
import type { EngineStanding } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { useMay } from '../frame/session.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'

/** What stands between a person and a plan that soft-mandatory rules refuse. */
export type WaiverState = {
  /** Messages of the rules that have to give way; empty where none is in the way. */
  messages: string[]
  /** What a soft policy engine said against it; it is asked again, and may say another thing. */
  engine: string | null
  /** Whether a reason may be given beforehand, for a denial of the engine that may come. */
  offered: boolean
  mayWaive: boolean
  text: string
  setText: (text: string) => void
  /** Whether nothing is missing. */
  ready: boolean
  /** What is sent with the decision. */
  sent: string | undefined
}

/**
 * Soft rules in the way of a plan, and the reason for which the person lets them pass. `standing`: of the proposal; `judged` where the
 * plan is what the engine was asked about, and not another that the person makes of it.
 */
export function useWaiver(
  content: PlanContent | null,
  standing: EngineStanding | null,
  judged: boolean,
): WaiverState {
  const mayWaive = useMay('policy.waive')
  const [text, setText] = useState('')
  const messages = (content?.policyResults ?? [])
    .filter(({ passed, enforcement }) => !passed && enforcement === 'soft-mandatory')
    .map(({ message }) => message)
  const given = text.trim().length >= 3
  const verdict = standing?.enforcement === 'soft-mandatory' && judged ? standing.verdict : null
  const engine = verdict?.outcome === 'deny' ? verdict.text : null
  const offered = mayWaive && !judged && standing?.enforcement === 'soft-mandatory'
  return {
    messages,
    engine,
    offered,
    mayWaive,
    text,
    setText,
    ready: messages.length === 0 || (mayWaive && given),
    sent: messages.length > 0 || given ? text.trim() : undefined,
  }
}

/** Says which soft rules are in the way, and asks whoever may let them pass for the reason. */
export function WaiverField({ waiver }: { waiver: WaiverState }) {
  const { messages, engine, offered, mayWaive } = waiver
  if (messages.length === 0 && engine === null && !offered) return null
  const ofEngine = messages.length === 0
  return (
    <div className="flex flex-col gap-3">
      {messages.length > 0 ? (
        <Notice
          tone="wait"
          title={mayWaive ? 'Soft rules stand against it' : 'Only an admin may let these rules pass'}
        >
          <ul>
            {messages.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {engine === null ? null : (
        <Notice tone="wait" title="The policy engine stood against it">
          {engine} It is asked anew when you send.
        </Notice>
      )}
      {mayWaive ? (
        <Field
          label={
            ofEngine ? 'Reason to let a denial pass this once (optional)' : 'Why the rule may pass this once'
          }
          hint={
            ofEngine
              ? 'For the policy engine, should it deny it. Kept with the decision and in the log.'
              : 'Kept with the decision and in the log.'
          }
        >
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
