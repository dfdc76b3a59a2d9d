import type { z } from 'zod'
import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import type { AdapterKind, Examination, Found, RightsOptions, TargetAdapter } from '../contract.ts'
import { bordered, borderOf } from './border.ts'
import { lookBounds, searchBounds, withinBounds } from './look-bounds.ts'
import { storable } from './storable.ts'

/** What one file in this folder gives: the shapes of its settings and references, and how to open a target. */
type Parts<Config extends z.ZodType, Ref extends z.ZodType> = {
  kind: AdapterKind
  config: Config
  ref: Ref
  /** What of its settings stands in no message. */
  secrets(config: z.output<Config>, requestTimeoutMs: number): Promise<string[]>
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

/** Of a cluster with some ten thousand objects that could be targets all are shown. */
const mostFound = 100_000

export function defineAdapter<
  Config extends z.ZodType<Record<string, string>>,
  Ref extends z.ZodType<Record<string, string>>,
>(parts: Parts<Config, Ref>): AdapterDefinition {
  const config = (raw: unknown) => parseInput(parts.config, raw, `settings of the ${parts.kind} connection`)
  const ref = (raw: unknown) => parseInput(parts.ref, raw, `reference of the ${parts.kind} target`)
  const border = async (of: z.output<Config>, requestTimeoutMs = defaultTimeoutMs) =>
    borderOf(await parts.secrets(of, requestTimeoutMs))
  return {
    kind: parts.kind,
    parseConfig: config,
    parseRef: ref,
    check: async (raw) => {
      const of = config(raw)
      const { pass, text } = await border(of)
      return pass(parts.kind, async () => text(await parts.check(of, defaultTimeoutMs)))
    },
    examine: async (raw, rawRefs) => {
      const of = config(raw)
      const { pass, text } = await border(of)
      const refs = rawRefs.map(ref)
      return pass(parts.kind, async () => {
        const examine = () => parts.examine(of, refs, defaultTimeoutMs)
        return storable(await withinBounds(searchBounds, examine), text)
      })
    },
    rights: (rawRefs, options) => parts.rights(rawRefs.map(ref), options),
    open: async (rawConfig, rawRef, requestTimeoutMs = defaultTimeoutMs) => {
      const [of, to] = [config(rawConfig), ref(rawRef)]
      const opened = await parts.open(of, to, requestTimeoutMs)
      return bordered(
        opened,
        parts.label(to),
        await border(of, requestTimeoutMs),
        lookBounds(requestTimeoutMs),
      )
    },
    label: (raw) => parts.label(ref(raw)),
    discover: async (raw, namespace) => {
      const { discover } = parts
      if (discover === undefined)
        throw new InvalidInputError(`A ${parts.kind} connection does not tell what is behind it.`)
      const of = config(raw)
      const { pass, text } = await border(of)
      return pass(parts.kind, async () =>
        storable(
          await withinBounds(searchBounds, () => discover(of, namespace, defaultTimeoutMs)),
          text,
          mostFound,
        ),
      )
    },
  }
}
