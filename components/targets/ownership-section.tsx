import type { Manager, TargetView } from '../../server/dispatch/contract.ts'
import { Section } from '../ui/facts.tsx'
import { Notice } from '../ui/states.tsx'

const roles: Record<Manager['role'], string> = {
  writer: 'wrote the field last',
  owner: 'owns the object',
  autoscaler: 'scales it',
  gitops: 'keeps its manifest',
}

/** Who else has to do with what would be written, and what follows. Nothing where nobody has. */
export function OwnershipSection({ target: { ownership } }: { target: Pick<TargetView, 'ownership'> }) {
  if (ownership === null || (ownership.managers.length === 0 && ownership.advice === null)) return null
  const { advice, verdict, managers } = ownership
  return (
    <>
      {advice ? (
        <Notice
          tone="breach"
          title={verdict === 'hand-over' ? 'It is left to something else' : 'It is not ours to write'}
        >
          {advice}
        </Notice>
      ) : null}
      {managers.length ? (
        <Section title="Who else manages it">
          <ul className="flex flex-col gap-1">
            {managers.map(({ role, name, note }) => (
              <li key={`${role} ${name} ${note}`}>
                <span className="font-medium">{name}</span> {roles[role]}
                {note ? <span className="text-muted">, {note}</span> : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}
