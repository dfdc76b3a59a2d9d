import type { z } from 'zod'
import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import type { AdapterKind, Examination, Found, RightsOptions, TargetAdapter } from '../contract.ts'

/** What one file in this folder gives: the shapes of its settings and references, and how to open a target. */
type Parts<Config extends z.ZodType, Ref extends z.ZodType> = {
  kind: AdapterKind
  config: Config
  ref: Ref
  /** Reaches the other side with these settings. Returns, in words, as whom. @throws ServiceError saying what is wrong */
  check(config: z.output<Config>, requestTimeoutMs: number): Promise<string>
  /** The same at length, with the rights that these targets lack. @throws ServiceError where it is not reached */
  examine(config: z.output<Config>, refs: z.output<Ref>[], requestTimeoutMs: number): Promise<Examination>
  /** What grants the rights of these targets and no more, in the other side's own words; null if it knows no such thing. */
  rights(refs: z.output<Ref>[], options: RightsOptions): string | null
  open(config: z.output<Config>, ref: z.output<Ref>, requestTimeoutMs: number): Promise<TargetAdapter>
  /** Name of a target for people, e.g. `models/Deployment/chat`. */
  label(ref: z.output<Ref>): string
  /** What is there that could be a target. @throws ServiceError if nothing at all can be asked */
  discover?(config: z.output<Config>, namespace: string | null, requestTimeoutMs: number): Promise<Found>
}

/** An adapter to those who only have what the database or a form gave them; every value is checked on the way in. */
export type AdapterDefinition = {
  kind: AdapterKind
  parseConfig(raw: unknown): Record<string, string>
  parseRef(raw: unknown): Record<string, string>
  check(rawConfig: unknown): Promise<string>
  examine(rawConfig: unknown, rawRefs: unknown[]): Promise<Examination>
  rights(rawRefs: unknown[], options: RightsOptions): string | null
  /** `requestTimeoutMs`: after it an answer is no longer waited for; less than a lease. */
  open(rawConfig: unknown, rawRef: unknown, requestTimeoutMs?: number): Promise<TargetAdapter>
  label(rawRef: unknown): string
  /** What is there that could be a target. @throws InvalidInputError where the adapter cannot tell */
  discover(rawConfig: unknown, namespace: string | null): Promise<Found>
}

const defaultTimeoutMs = 10_000

export function defineAdapter<
  Config extends z.ZodType<Record<string, string>>,
  Ref extends z.ZodType<Record<string, string>>,
>(parts: Parts<Config, Ref>): AdapterDefinition {
  const config = (raw: unknown) => parseInput(parts.config, raw, `settings of the ${parts.kind} connection`)
  const ref = (raw: unknown) => parseInput(parts.ref, raw, `reference of the ${parts.kind} target`)
  return {
    kind: parts.kind,
    parseConfig: config,
    parseRef: ref,
    check: async (raw) => parts.check(config(raw), defaultTimeoutMs),
    examine: async (raw, rawRefs) => parts.examine(config(raw), rawRefs.map(ref), defaultTimeoutMs),
    rights: (rawRefs, options) => parts.rights(rawRefs.map(ref), options),
    open: (rawConfig, rawRef, requestTimeoutMs = defaultTimeoutMs) =>
      parts.open(config(rawConfig), ref(rawRef), requestTimeoutMs),
    label: (raw) => parts.label(ref(raw)),
    discover: async (raw, namespace) => {
      if (parts.discover) return parts.discover(config(raw), namespace, defaultTimeoutMs)
      throw new InvalidInputError(`A ${parts.kind} connection does not tell what is behind it.`)
    },
  }
}
