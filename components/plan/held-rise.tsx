import type { HeldRise } from '../../server/governance/contract.ts'
import { Notice } from '../ui/states.tsx'
import { ruleName } from './words.ts'

/** "held by the rule chat-cap, the bound Maximum replicas" */
export function heldWords(held: readonly HeldRise[]): string {
  const names = held.map(({ name, published }) =>
    published ? `the rule ${name}` : `the bound ${ruleName(name)}`,
  )
  return `held by ${names.join(', ')}`
}

/** That demand may pass what is ready, and why nothing is proposed for it. */
export function HeldNotice({ held }: { held: readonly HeldRise[] }) {
  return (
    <Notice tone="breach" title={`No rise can be proposed: ${heldWords(held)}`}>
      <p>
        Demand is forecast to pass what is ready in one case of ten or more, and no pool may take one more.
      </p>
      <ul>
        {held.map(({ name, message }) => (
          <li key={name}>{message}</li>
        ))}
      </ul>
    </Notice>
  )
}
