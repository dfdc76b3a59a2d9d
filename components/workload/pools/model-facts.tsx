import type { CapacityModel, LearnedTime } from '../../../server/plan/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { type Fact, Facts, Section, Words } from '../../ui/facts.tsx'
import { formatCount, formatNumber, formatPercent, formatQuantity } from '../../ui/format.ts'
import { formatDuration } from '../../ui/time.ts'

const names: Record<CapacityModel['kind'], string> = {
  queue: 'requests that wait for a free slot (Allen–Cunneen)',
  batching: 'a language model that batches by iteration',
}

/** Why latency is not modelled from what was measured. `pools`: how many serve the workload's demand. */
export function NoModel({ workload, pools }: { workload: WorkloadView; pools: number }) {
  return (
    <Section title="Latency model">
      <p className="text-muted">{whyNone(workload, pools)}</p>
    </Section>
  )
}

const declared = 'Plans count with what is declared to be carried, and half the objective as service time.'

function whyNone({ kind, demandSignal }: WorkloadView, pools: number): string {
  if (pools === 0)
    return 'None: the workload has no pool that serves it, so that nothing says what a replica carries.'
  if (kind !== 'inference' || demandSignal !== 'requests_per_second')
    return `None is fitted: that takes a service whose demand is counted in requests. ${declared}`
  if (pools > 1)
    return `None is fitted: ${pools} pools share the demand, and what each of them answers cannot be told apart. ${declared}`
  return `None is fitted yet; the first follows minutes after the first telemetry. ${declared}`
}

/** Which model says how latency follows load, from what its numbers are, and how well it fits what was measured. */
export function ModelFacts({ model, unit }: { model: CapacityModel; unit: string }) {
  const { fit } = model
  return (
    <Section
      title="Latency model"
      aside={<Badge tone={fit.verdict === 'fits poorly' ? 'wait' : 'neutral'}>{fit.verdict}</Badge>}
    >
      <p className="mb-1">{fit.words}</p>
      <Facts
        facts={[
          {
            term: 'model',
            value: <Words>{names[model.kind]}</Words>,
            note: `its numbers are ${sources[fit.source]}`,
          },
          ...(model.kind === 'queue' ? queueFacts(model, unit) : batchingFacts(model)),
          { term: 'fitted to', value: formatCount(fit.observations, 'step') },
          { term: 'explains', value: formatPercent(fit.explainedShare), note: 'of the variance of log p99' },
          {
            term: 'off by',
            value: formatPercent(fit.medianRelativeError),
            note: 'of the measured p99, in the middle case',
          },
        ]}
      />
    </Section>
  )
}

const sources: Record<CapacityModel['fit']['source'], string> = {
  telemetry: 'fitted to telemetry',
  declared: 'declared',
  assumed: 'assumed from the objective',
}

function queueFacts(model: Extract<CapacityModel, { kind: 'queue' }>, unit: string): Fact[] {
  return [
    { term: 'a busy replica serves', value: formatQuantity(model.capacityPerReplica, unit) },
    { term: 'service time', value: formatQuantity(model.serviceSeconds * 1_000, 'ms') },
    { term: 'p99 without waiting', value: formatQuantity(model.unloadedP99Ms, 'ms') },
    { term: 'variability', value: formatNumber(model.variability, 2), note: '1 is Poisson and exponential' },
  ]
}

function batchingFacts(model: Extract<CapacityModel, { kind: 'batching' }>): Fact[] {
  return [
    {
      term: 'a replica sustains',
      value: formatQuantity(model.sustainableRequestsPerSecond, 'req/s'),
      note: `busy all the time at ${formatQuantity(model.saturatedRequestsPerSecond, 'req/s')}`,
    },
    { term: 'bound by', value: <Words>{model.boundBy}</Words> },
  ]
}

/** How long an order and a person take, as plans count with, and how often that was measured. */
export function LearnedTimes({ lead, approval }: { lead: LearnedTime | null; approval: LearnedTime | null }) {
  return (
    <Section title="Lead time and approval time">
      <Facts facts={[...timeFacts('order to ready', lead), ...timeFacts('proposal to decision', approval)]} />
    </Section>
  )
}

function timeFacts(term: string, time: LearnedTime | null): Fact[] {
  if (time === null) return [{ term, value: <Words>not known yet</Words> }]
  const measured =
    time.measuredP50Seconds === null || time.measuredP90Seconds === null
      ? 'not measured yet'
      : `measured ${formatDuration(time.measuredP50Seconds)}, p90 ${formatDuration(time.measuredP90Seconds)}, in ${formatCount(time.observations, 'case')}`
  return [
    {
      term,
      value: `${formatDuration(time.p50Seconds)}, p90 ${formatDuration(time.p90Seconds)}`,
      note: `${measured}; declared ${formatDuration(time.declaredP50Seconds)}, p90 ${formatDuration(time.declaredP90Seconds)}`,
    },
  ]
}
