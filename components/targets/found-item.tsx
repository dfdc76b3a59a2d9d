import { type Control, serves } from '../../server/plan/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { controlNow, controlWords } from './control-words.ts'
import { type Choice, countedBy, type FoundRow } from './mapping.ts'

type Options = { value: string; label: string }[]

type FoundItemProps = {
  row: FoundRow
  choice: Choice | undefined
  workloads: Options
  places: Options
  onChoose: (chosen: boolean) => void
  onChange: (choice: Choice) => void
}

/** One thing that was found: what it is, whether it can be mapped, and what it is mapped to once it is chosen. */
export function FoundItem({ row, choice, workloads, places, onChoose, onChange }: FoundItemProps) {
  const { label, targetName, ownership, suggestion, desired, controls } = row
  const free = ownership.verdict === 'free' && targetName === null
  const suggested = workloads.find(({ value }) => value === suggestion?.workloadId)?.label
  return (
    <li className="flex flex-col gap-2 border-line border-b py-2">
      <label className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <input
          type="checkbox"
          checked={choice !== undefined}
          disabled={!free}
          onChange={(event) => onChoose(event.target.checked)}
        />
        <span className="break-all font-medium">{label}</span>
        {row.ref.resource ? <span className="text-muted">{row.ref.resource}</span> : null}
        <span className="num text-muted">
          {controlNow({ adapter: 'kubernetes', ref: row.ref }, controls[0], desired)}
        </span>
        {targetName === null ? null : <Badge>is “{targetName}” already</Badge>}
        {ownership.verdict === 'hand-over' ? <Badge tone="wait">left to something else</Badge> : null}
        {ownership.verdict === 'refused' ? <Badge tone="breach">not ours to write</Badge> : null}
      </label>
      {free && suggested ? (
        <p className="pl-6 text-muted text-xs">
          seems to hold {suggested}: {suggestion?.why}
        </p>
      ) : null}
      {ownership.advice ? <p className="pl-6 text-muted text-xs">{ownership.advice}</p> : null}
      {choice ? (
        <div className="grid gap-2 pl-6 sm:grid-cols-2">
          <Field label="Workload">
            {({ id }) => (
              <Select
                id={id}
                placeholder="Choose a workload"
                value={choice.workloadId}
                onChange={(workloadId) => onChange({ ...choice, workloadId })}
                options={workloads}
              />
            )}
          </Field>
          <Field label="Place and hardware">
            {({ id }) => (
              <Select
                id={id}
                placeholder="Choose a place"
                value={choice.offeringId}
                onChange={(offeringId) => onChange({ ...choice, offeringId })}
                options={places}
              />
            )}
          </Field>
          {controls.length > 1 ? (
            <Field label="Its number stands for">
              {({ id }) => (
                <Select
                  id={id}
                  value={choice.control}
                  onChange={(chosen) =>
                    onChange({ ...choice, control: controlNamed(controls, chosen) ?? choice.control })
                  }
                  options={controls.map((value) => ({ value, label: controlWords[value] }))}
                />
              )}
            </Field>
          ) : null}
          {serves(choice) ? (
            <Field label="One of them serves" hint="Of the demand signal, within the objective.">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  min={0}
                  step="any"
                  value={choice.capacity}
                  onChange={(event) => onChange({ ...choice, capacity: event.target.value })}
                />
              )}
            </Field>
          ) : null}
          {Object.entries(countedBy)
            .filter(([part]) => choice.ref[part] !== undefined)
            .map(([part, words]) => (
              <Field key={part} label={words} hint={row.ref.resource ?? 'A field of its status.'}>
                {(ids) => (
                  <Input
                    {...ids}
                    value={choice.ref[part]}
                    onChange={(event) =>
                      onChange({ ...choice, ref: { ...choice.ref, [part]: event.target.value } })
                    }
                  />
                )}
              </Field>
            ))}
        </div>
      ) : null}
    </li>
  )
}

const controlNamed = (controls: readonly Control[], chosen: string) =>
  controls.find((each) => each === chosen)
