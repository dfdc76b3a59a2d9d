import type { Role, Scope } from '../../server/auth/contract.ts'
import type { CheckOption } from '../ui/check-list.tsx'

/** What each role is for, in a line. */
export const roleOptions: readonly CheckOption<Role>[] = [
  { value: 'operator', label: 'operator', hint: 'Approves, overrides, rejects and rolls back.' },
  { value: 'admin', label: 'admin', hint: 'Sets policies, targets, workloads and people. Decides nothing.' },
  { value: 'auditor', label: 'auditor', hint: 'Reads everything, exports the log, changes nothing.' },
]

export const scopeOptions: readonly CheckOption<Scope>[] = [
  {
    value: 'telemetry:write',
    label: 'telemetry:write',
    hint: 'Send samples. The owner must be operator or admin.',
  },
  { value: 'read', label: 'read', hint: 'Read whatever the owner may read.' },
  { value: 'decide', label: 'decide', hint: 'Decide proposals. The owner must be operator.' },
  { value: 'administer', label: 'administer', hint: 'Change settings. The owner must be admin.' },
]

/** How long a new key lives; 0 stands for ever. */
export const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'one year' },
  { value: '0', label: 'until revoked' },
] as const
export type Lifetime = (typeof lifetimes)[number]['value']
