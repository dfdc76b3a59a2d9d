import type { PolicyEngineTrial } from '../../../server/governance/contract.ts'
import { formatNumber } from '../../ui/format.ts'
import { Notice } from '../../ui/states.tsx'

const tones = { allow: 'verified', deny: 'wait', none: 'breach' } as const
const titles = { allow: 'It allows it', deny: 'It denies it', none: 'It gave no verdict' } as const

/** What one trial asked and what came back. */
export function EngineTrial({ trial }: { trial: PolicyEngineTrial }) {
  const { answer, question } = trial
  const about =
    trial.about === 'sample'
      ? 'a sample, because nothing waits'
      : `proposal #${question.proposal.number}, which waits`
  return (
    <Notice tone={tones[answer.kind]} title={titles[answer.kind]}>
      <p>
        {trial.text} Asked about {about}, in <span className="num">{formatNumber(trial.tookMs)}</span> ms.
        Nothing of it counts.
      </p>
      <details className="mt-1">
        <summary className="w-fit text-muted hover:text-ink">Question and answer</summary>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          className="mt-1 max-h-60 overflow-auto rounded-md border bg-canvas p-2 font-mono text-xs"
        >
          {JSON.stringify({ input: question, answer }, null, 2)}
        </pre>
      </details>
    </Notice>
  )
}
