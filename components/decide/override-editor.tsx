'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { type Action, type Control, controlOf } from '../../server/plan/contract.ts'
import { ComplianceFacts } from '../plan/compliance.tsx'
import { kindName } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { formatChange } from '../ui/format.ts'
import { useKeys } from '../ui/keys.ts'
import { Select } from '../ui/select.tsx'
import { Notice } from '../ui/states.tsx'
import { OverrideComparison } from './override-comparison.tsx'
import { placeWords } from './override-places.ts'
import type { Decide } from './use-decide.ts'
import type { Carried, OverrideState } from './use-override.ts'
import { useWaiver, WaiverField } from './waiver.tsx'
import { WhatIsSent } from './what-is-sent.tsx'
import { lacksReason, WhyField } from './why-field.tsx'
import { inTimeUntil } from './window-choice.ts'
import { WindowField } from './window-field.tsx'

type OverrideEditorProps = {
  proposal: ProposalDetail
  decide: Decide
  override: OverrideState
  onClose: () => void
  /** The proposal that took this one's place and waits; what is typed can be carried to it. */
  successor: { id: string; number: number } | null
  carried: Carried | null
  onCarry: (carried: Carried) => void
}

/** Changing the number: cost, risk and policy are recomputed before it can be sent. Escape leaves. */
export function OverrideEditor({
  proposal,
  decide,
  override,
  onClose,
  successor,
  carried,
  onCarry,
}: OverrideEditorProps) {
  const [reason, setReason] = useState(carried?.reason ?? '')
  const [asked, setAsked] = useState(false)
  const { preview, last, chosen, unchanged, fields } = override
  const missing = lacksReason(reason)
  const only = fields.length === 1 ? fields[0] : undefined
  const forbidden = preview !== null && !preview.content.allowed
  const waiver = useWaiver(preview?.content ?? null, proposal.engine, false)
  const words = sentOf(override)
  useKeys({ Escape: onClose }, { first: true })
  const send = async () => {
    setAsked(true)
    if (!preview || forbidden || missing || unchanged || chosen === null || decide.busy || !waiver.ready)
      return
    const sent = await decide
      .override(chosen, preview.contentHash, reason.trim(), waiver.sent)
      .catch(() => null)
    if (sent) onClose()
  }
  return (
    <form
      aria-label="Override"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault()
          void send()
        }
      }}
    >
      <div className="grid items-start gap-x-8 gap-y-3 lg:grid-cols-[260px_1fr]">
        <div className="flex flex-col gap-3">
          {fields.map((field, i) => (
            <SetPointField
              key={field.action.targetId}
              field={field}
              label={
                fields.length === 1
                  ? labelOf(field.action)
                  : `${field.action.targetName}, ${labelOf(field.action).toLowerCase()}`
              }
              autoFocus={i === 0 || field.added}
            />
          ))}
          <PlaceField override={override} single={proposal.content.actions.length === 1} />
          <WindowField
            value={override.when}
            latest={Date.parse(proposal.expiresAt)}
            inTimeUntil={inTimeUntil(proposal.content)}
            onChange={override.setWhen}
          />
        </div>
        <OverrideComparison proposed={proposal.content} preview={last} pending={preview === null} />
      </div>
      {override.failure ? (
        <Notice tone="breach" title="It could not be recomputed, so it cannot be sent">
          {override.failure}
        </Notice>
      ) : null}
      {forbidden ? (
        <Notice tone="breach" title={`Policy forbids ${words}`}>
          <ul>
            {preview.content.policyResults
              .filter((result) => !result.passed)
              .map((result) => (
                <li key={result.message}>{result.message}</li>
              ))}
          </ul>
          {preview.content.compliance ? (
            <ComplianceFacts
              content={preview.content}
              compliance={preview.content.compliance}
              onTry={only ? (replicas) => only.setText(String(replicas)) : undefined}
            />
          ) : null}
        </Notice>
      ) : null}
      {successor ? (
        <Notice
          tone="wait"
          title={`#${successor.number} took the place of #${proposal.number}`}
          action={
            <Button
              size="sm"
              onClick={() => {
                const numbers = new Map(fields.map(({ action, text }) => [action.targetId, text]))
                onCarry({ to: successor.id, numbers, reason })
              }}
            >
              Open #{successor.number} with these numbers
            </Button>
          }
        >
          What you typed goes along, wherever it acts on the same targets.
        </Notice>
      ) : null}
      {preview?.outOfReach ? (
        <Notice tone="wait" title="Nobody could approve these numbers">
          {preview.outOfReach} It would wait until its deadline, and nothing else would be proposed for this
          workload.
        </Notice>
      ) : null}
      {forbidden ? null : <WaiverField waiver={waiver} />}
      <WhyField reason={reason} asked={asked} onReason={setReason} />
      {preview && !forbidden && !unchanged ? (
        <details>
          <summary className="w-fit text-muted hover:text-ink">What will be sent</summary>
          <div className="mt-2">
            <WhatIsSent
              proposalId={proposal.id}
              content={preview.content}
              contentHash={preview.contentHash}
            />
          </div>
        </details>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Back to the proposal</Button>
        <Button
          type="submit"
          variant="primary"
          className="h-auto min-h-8 max-w-full whitespace-normal py-1.5"
          disabled={decide.busy || !preview || forbidden || unchanged || chosen === null || !waiver.ready}
        >
          {decide.busy ? 'Sending' : chosen === null || unchanged ? 'Override' : `Override: send ${words}`}
        </Button>
      </div>
    </form>
  )
}

type SetPoint = { field: OverrideState['fields'][number]; label: string; autoFocus: boolean }

/** What is done to a target, where there is a choice; else the number that it is set to. */
function SetPointField(props: SetPoint) {
  const { kinds, kind, action, setKind } = props.field
  if (kinds.length < 2) return <NumberField {...props} />
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="text-muted">{action.targetName}</legend>
      {kinds.map((each) => (
        <label key={each} className="flex items-center gap-2">
          <input
            type="radio"
            name={action.targetId}
            value={each}
            checked={each === kind}
            // biome-ignore lint/a11y/noAutofocus: the form was asked for by a key, and is left by one
            autoFocus={props.autoFocus && each === kind}
            onChange={() => setKind(each)}
          />
          {kindName(each)}
          {each === action.kind ? <span className="text-muted text-xs">as proposed</span> : null}
        </label>
      ))}
    </fieldset>
  )
}

function NumberField({ field: { action, text, problem, setText, added }, label, autoFocus }: SetPoint) {
  const asProposed = text.trim() === String(action.toReplicas)
  return (
    <Field
      label={label}
      error={problem}
      hint={
        added
          ? `Now ${action.fromReplicas} at ${action.domainName}`
          : asProposed
            ? 'The proposed number; change it to override.'
            : `Proposed ${action.toReplicas}, now ${action.fromReplicas}`
      }
    >
      {(ids) => (
        <Input
          {...ids}
          type="number"
          inputMode="numeric"
          min={0}
          max={100_000}
          autoFocus={autoFocus}
          value={text}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </Field>
  )
}

/** The choice that stands while none is made. */
const nowhere = 'nowhere'

/** Taking the capacity elsewhere: another domain, hardware or market that the workload has a pool at. */
function PlaceField({
  override: { places, addPlace },
  single,
}: {
  override: OverrideState
  single: boolean
}) {
  if (places.length === 0) return null
  return (
    <Select
      label={single ? 'Instead at another place' : 'Also at another place'}
      value={nowhere}
      className="w-full"
      options={[
        { value: nowhere, label: single ? 'Instead at …' : 'Also at …' },
        ...places.map((place) => ({ value: place.targetId, label: placeWords(place) })),
      ]}
      onChange={(targetId) => {
        const place = places.find((one) => one.targetId === targetId)
        if (place) addPlace(place)
      }}
    />
  )
}

const labels: Record<Control, string> = {
  replicas: 'Replicas',
  nodes: 'Nodes',
  warm: 'Warm instances',
  run: 'Runs (1) or not (0)',
  size: 'Percent of full size',
}
const labelOf = ({ kind }: Action) => labels[controlOf[kind]]

/** What would be sent, in short: the change of the only action, or what differs. */
function sentOf({ fields }: OverrideState): string {
  const changed = fields.filter(
    ({ action, text, kind }) => text.trim() !== String(action.toReplicas) || kind !== action.kind,
  )
  const [only] = fields
  if (fields.length === 1 && only) return only.kinds.length > 1 ? kindName(only.kind) : changeIn(only)
  if (changed.length === 0) return 'as proposed, in the window'
  return changed.map((field) => `${field.action.targetName} ${changeIn(field)}`).join(', ')
}

const changeIn = ({ action, text }: OverrideState['fields'][number]): string =>
  Number(text) === action.fromReplicas
    ? `stays ${action.fromReplicas}`
    : formatChange(action.fromReplicas, Number(text))
