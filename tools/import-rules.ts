/** Files through which a room may be entered, relative to it; `*` is any file. */
type Doors = readonly string[]

/** A folder, and what its files may import from other folders. Inside a room everything may import everything. */
export type Room = {
  /** Other rooms → the doors that are open. */
  may: Record<string, Doors>
  /** Doors that are open to `import type` alone. */
  types?: Record<string, Doors>
  /** Doors that stay shut although `may` says `*`. */
  never?: Doors
  /** Numeric core: no database, no clock, no randomness, no files. Its `store/` and `index.ts` are outside the core. */
  pure?: boolean
  /** Written by a generator: not read. */
  generated?: boolean
}

export type Rules = Record<string, Room>

const any: Doors = ['*']
const doors: Doors = ['contract.ts', 'index.ts']
const contract: Doors = ['contract.ts']

const telemetry = { 'server/telemetry': doors }
const forecast = { ...telemetry, 'server/forecast': doors }
const plan = { ...forecast, 'server/plan': doors }
const governance = { ...plan, 'server/governance': doors }
const stages = { ...governance, 'server/dispatch': doors }
const base = { 'server/kernel': any, 'server/audit': doors }

const contracts = {
  'server/audit': contract,
  'server/telemetry': contract,
  'server/forecast': contract,
  'server/plan': contract,
  'server/governance': contract,
  'server/dispatch': contract,
  'server/evaluation': contract,
  'server/auth': contract,
  'server/notify': contract,
  'server/api': contract,
  'server/scenes': contract,
}

/** Shapes of rows, as types; clients are made in the kernel alone. */
const rows = { 'server/kernel/generated': ['client.ts'] }

const database: Doors = ['server/kernel/db.ts', 'server/kernel/transact.ts', 'server/kernel/queue.ts']

/** Who may import whom: docs/architecture.md draws this table. */
export const rules: Rules = {
  'server/kernel': { may: { 'server/kernel/generated': any } },
  'server/kernel/generated': { may: {}, generated: true },
  'server/audit': { may: { 'server/kernel': any }, types: rows },
  'server/telemetry': { may: base, types: rows },
  'server/forecast': { may: { ...base, ...telemetry }, types: rows, pure: true },
  'server/plan': { may: { ...base, ...forecast }, types: rows, pure: true },
  'server/governance': { may: { ...base, ...plan }, types: rows },
  'server/dispatch': { may: { ...base, ...governance }, types: rows },
  'server/evaluation': { may: { ...base, ...stages }, types: rows, pure: true },
  'server/sandbox': { may: { 'server/kernel': any, ...contracts }, never: database },
  'server/scenes': {
    may: {
      ...base,
      ...stages,
      'server/sandbox': ['contract.ts', 'client.ts'],
      'server/runtime/declaration': doors,
    },
    types: rows,
  },
  'server/auth': { may: base, types: rows },
  'server/notify': { may: base, types: rows },
  'server/jobs': {
    may: { ...base, ...stages, 'server/evaluation': doors, 'server/notify': doors },
    types: rows,
  },
  'server/api': {
    may: {
      ...base,
      ...stages,
      'server/evaluation': doors,
      'server/auth': doors,
      'server/notify': doors,
      'server/scenes': doors,
    },
    never: ['server/kernel/db.ts', 'server/kernel/transact.ts'],
  },
  'server/cli': {
    may: {
      ...base,
      ...stages,
      'server/evaluation': doors,
      'server/auth': doors,
      'server/jobs': doors,
      'server/sandbox': doors,
      'server/scenes': doors,
      'server/runtime': doors,
      public: ['verify-log.mjs'],
    },
  },
  // The verifier that auditors take away: it uses nothing of ours.
  public: { may: {} },
  'server/runtime': {
    may: {
      ...base,
      ...stages,
      'server/evaluation': doors,
      'server/auth': doors,
      'server/notify': doors,
      'server/jobs': doors,
      'server/api': doors,
      'server/sandbox': doors,
      'server/scenes': doors,
      'server/runtime/declaration': doors,
    },
  },
  // A room of its own, so that scenes declare as files do; it knows nothing of the rest of runtime.
  'server/runtime/declaration': { may: { ...base, ...stages }, types: rows },
  'server/runtime/testing': { may: { ...base, ...stages, 'server/auth': doors, 'server/runtime': any } },
  app: { may: { ...contracts, components: any, 'server/auth': any, 'server/api': any } },
  components: { may: contracts, types: { 'server/api': ['router.ts', 'index.ts'] } },
  e2e: {
    may: {
      ...contracts,
      components: any,
      'server/sandbox': contract,
      'server/kernel': any,
      'server/runtime': doors,
      'server/runtime/testing': any,
    },
    types: { 'server/api': ['router.ts', 'index.ts'] },
  },
  tools: { may: {} },
}

/** What any test may import beside what its room may, and beside `testing/` of any room and `e2e/fixtures`. */
export const testsMay: readonly string[] = ['server/kernel', 'public']

/** What a `contract.ts` may import beside other contracts: it has to be safe for the browser. */
export const contractsMay: readonly string[] = [
  'zod',
  'server/kernel/roles.ts',
  'server/forecast/explanation/sentences.ts',
]

/** Of Node's own modules, the numeric core may use hashing and nothing else. */
export const pureNodeImports: Record<string, readonly string[]> = { 'node:crypto': ['createHash'] }

/** Files of ours that hold the database, the queue or the clock, and so are no part of the numeric core. */
export const impureFiles: readonly string[] = [...database, 'server/kernel/bus.ts', 'server/kernel/env.ts']
