'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type PulseAnswers, type PulseQuestion, pulseQuestions } from '../../server/evaluation/contract.ts'
import { pulseWords } from '../acceptability/words.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { Segmented } from '../ui/segmented.tsx'

const scale = ['1', '2', '3', '4', '5'] as const

/** Three questions after a decision of one's own: never in the way, gone at a click, asked once. */
export function Pulse({ decisionId }: { decisionId: string }) {
  const trpc = useTRPC()
  const [answers, setAnswers] = useState<Partial<PulseAnswers>>({})
  const [away, setAway] = useState(false)
  const send = useMutation(trpc.evaluation.answerPulse.mutationOptions())
  if (away) return null
  if (send.isSuccess)
    return <p className="text-muted text-xs">Thank you. It is counted under Acceptability.</p>
  const { clear, trust, ease } = answers
  const whole = clear && trust && ease ? { clear, trust, ease } : null
  const choose = (question: PulseQuestion) => (value: (typeof scale)[number] | '') =>
    setAnswers({ ...answers, [question]: value === '' ? undefined : Number(value) })
  return (
    <section aria-label="How was it to decide?" className="rounded-md border border-dashed px-3 py-2">
      <div className="flex items-baseline gap-3">
        <h2 className="eyebrow">How was it to decide?</h2>
        <span className="text-muted text-xs">optional; 1 not at all, 5 entirely</span>
        <Button variant="quiet" size="sm" className="ml-auto" onClick={() => setAway(true)}>
          Not now
        </Button>
      </div>
      <ul className="mt-1 flex flex-col gap-1">
        {pulseQuestions.map((question) => (
          <li key={question} className="flex flex-wrap items-center justify-between gap-2">
            <span>{pulseWords[question].asks}</span>
            <Segmented
              label={pulseWords[question].asks}
              value={answers[question] ? (String(answers[question]) as (typeof scale)[number]) : ''}
              options={scale.map((value) => ({ value, label: value }))}
              onChange={choose(question)}
            />
          </li>
        ))}
      </ul>
      <div className="mt-2 flex items-center justify-end gap-3">
        {send.error ? (
          <span role="alert" className="text-breach text-xs">
            {errorMessageOf(send.error)}
          </span>
        ) : null}
        <Button
          size="sm"
          disabled={whole === null || send.isPending}
          onClick={() => whole && send.mutate({ decisionId, ...whole })}
        >
          Send
        </Button>
      </div>
    </section>
  )
}
