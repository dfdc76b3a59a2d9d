'use client'
import { useEffect, useMemo, useState } from 'react'
import { type ApprovalBinding, bindingOf } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { download } from '../charts/csv.ts'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatNumber, shortHash } from '../ui/format.ts'
import { hashOf } from './approval-binding.ts'

type EvidenceProps = { proposalId: string; content: PlanContent; contentHash: string }

/** Exactly what will be sent, its hash made again in this browser, and all that the plan was computed from. */
export function Evidence({ proposalId, content, contentHash }: EvidenceProps) {
  const { forecast, capacity, policy } = content.evidence
  // Made here, and not taken from the server: the hashes are equal only if what is shown is what is approved.
  const binding = useMemo(() => bindingOf(proposalId, content), [proposalId, content])
  const save = () =>
    download(`evidence-${shortHash(contentHash)}.json`, JSON.stringify(content, null, 2), 'application/json')
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-x-8 lg:grid-cols-2">
        <Facts
          facts={[
            { term: 'content hash', value: <HashCheck binding={binding} contentHash={contentHash} /> },
            {
              term: 'target',
              value: capacity.targetName,
              note: `version ${capacity.observedVersion}, read from ${capacity.adapter}`,
            },
            { term: 'target read', value: <RelativeTime at={capacity.observedAt} /> },
            { term: 'policy version', value: policy.version },
          ]}
        />
        <Facts
          facts={[
            { term: 'model', value: forecast.modelVersion, note: `state ${shortHash(forecast.stateHash)}` },
            { term: 'learned from', value: `${formatNumber(forecast.observations)} steps` },
            { term: 'last value used', value: <RelativeTime at={forecast.origin} /> },
          ]}
        />
      </div>
      <BindingText binding={binding} />
      <details>
        <summary className="w-fit text-muted hover:text-ink">All evidence as JSON</summary>
        <div className="mt-2 flex flex-col gap-2">
          <Button size="sm" className="self-start" onClick={save}>
            Save as JSON
          </Button>
          <Pre label="All evidence as JSON" text={JSON.stringify(content, null, 2)} />
        </div>
      </details>
    </div>
  )
}

/** What an approval binds, letter by letter. */
export function BindingText({ binding }: { binding: ApprovalBinding }) {
  return <Pre label="Exactly what an approval binds" text={JSON.stringify(binding, null, 2)} />
}

function Pre({ label, text }: { label: string; text: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-md border bg-sunken p-3"
    >
      <pre className="num whitespace-pre text-xs [word-spacing:0]">{text}</pre>
    </section>
  )
}

/** The server's hash, and whether what is on the screen has the same. */
export function HashCheck({ binding, contentHash }: { binding: ApprovalBinding; contentHash: string }) {
  const [own, setOwn] = useState<string | null>()
  useEffect(() => {
    let current = true
    void hashOf(binding).then((hash) => {
      if (current) setOwn(hash)
    })
    return () => {
      current = false
    }
  }, [binding])
  const word =
    own === undefined
      ? { text: 'checking', look: 'text-muted' }
      : own === null
        ? { text: 'not checked here: needs HTTPS', look: 'text-muted' }
        : own === contentHash
          ? { text: 'equals what is shown', look: 'text-verified' }
          : { text: 'differs from what is shown', look: 'text-breach' }
  return (
    <span title={contentHash}>
      {shortHash(contentHash)} <span className={`font-sans [word-spacing:0] ${word.look}`}>{word.text}</span>
    </span>
  )
}
