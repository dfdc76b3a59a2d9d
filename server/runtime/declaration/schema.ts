import { z } from 'zod'
import { connectionInput, targetInput } from '../../dispatch/contract.ts'
import { domainInput, offeringInput, policyValues, poolInput, ruleSchema } from '../../plan/contract.ts'
import { mappingInput, workloadInput } from '../../telemetry/contract.ts'

/** Stands in for what a file names instead, where a contract asks for an id. */
const anyId = '00000000-0000-4000-8000-000000000000'

/** Holds an entry against the rules of a contract that are about several fields at once. */
const keeps = (contract: z.ZodType) => (entry: object, context: z.RefinementCtx) => {
  const { error } = contract.safeParse({ ...entry, domainId: anyId })
  for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message })
}

const { domainId: _, ...offeringShape } = offeringInput.shape
const { shape: place } = domainInput
const { shape: target } = targetInput

const targetEntry = z.strictObject({
  name: target.name,
  /** Name of a connection that exists: its credentials are in no file. */
  connection: connectionInput.shape.name,
  ref: target.ref,
})
const offeringEntry = z.strictObject(offeringShape).superRefine(keeps(offeringInput))
const section = <T extends z.ZodType>(entry: T) =>
  z
    .array(entry)
    .nullish()
    .transform((entries) => entries ?? [])

const domainEntry = z.strictObject({ ...place, offerings: section(offeringEntry) })
const workloadEntry = z.strictObject(workloadInput.shape)
const mappingEntry = z.strictObject(mappingInput.shape).superRefine(keeps(mappingInput))
const policyEntry = z
  .strictObject({ workload: workloadInput.shape.name, ...policyValues.shape })
  .superRefine(keeps(policyValues))
const poolEntry = z.strictObject({
  workload: workloadInput.shape.name,
  domain: place.name,
  hardwareClass: offeringShape.hardwareClass,
  market: offeringShape.market,
  target: target.name,
  control: poolInput.shape.control,
  priority: poolInput.shape.priority,
  capacityPerReplica: poolInput.shape.capacityPerReplica,
  serving: poolInput.shape.serving,
  /** Target of the pool that nodes hold, or that a size cuts; where the file says nothing, it stays as it is. */
  governs: target.name.nullable().optional(),
  replicasPerNode: poolInput.shape.replicasPerNode.unwrap().optional(),
})

/** A declared file: the inputs of the stages' contracts, with names where those have ids. Sections may be left out. */
export const declarationSchema = z.strictObject({
  targets: section(targetEntry),
  domains: section(domainEntry),
  workloads: section(workloadEntry),
  mappings: section(mappingEntry),
  policies: section(policyEntry),
  pools: section(poolEntry),
  rules: section(ruleSchema),
})
export type Declaration = z.output<typeof declarationSchema>

const keysOf = ({ shape }: z.ZodObject) => Object.keys(shape)

/** Which keys may stand in the map at `path` of a file; null where keys are free. */
export function keysAt(path: readonly PropertyKey[]): string[] | null {
  const [first, , inner] = path
  if (path.length === 0) return keysOf(declarationSchema)
  if (inner === 'offerings' && path.length === 4) return keysOf(offeringEntry)
  if (path.length !== 2) return null
  const entries: Record<string, z.ZodObject> = {
    targets: targetEntry,
    domains: domainEntry,
    workloads: workloadEntry,
    mappings: mappingEntry,
    policies: policyEntry,
    pools: poolEntry,
  }
  if (first === 'rules') return [...new Set(ruleSchema.options.flatMap((option) => keysOf(option)))]
  const entry = entries[String(first)]
  return entry ? keysOf(entry) : null
}
